"""The plain XOR integer program for the frustration of two blocs, without cuts or reductions: what others start from."""

import highspy


def plain_program(n, i, j, w, *, seconds=60.0):
    """Return (value, bound) that HiGHS reaches on one thread; they meet where it finishes [Aref2020]_."""
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds)):
        highs.setOptionValue(option, value)
    x = [highs.addBinary() for _ in range(n)]
    f = [highs.addVariable(lb=0.0, ub=1.0) for _ in w]
    highs.addConstr(x[0] == 0)
    for e, (a, b, weight) in enumerate(zip(i.tolist(), j.tolist(), w.tolist(), strict=True)):
        if weight > 0:
            highs.addConstr(f[e] - x[a] + x[b] >= 0)
            highs.addConstr(f[e] + x[a] - x[b] >= 0)
        else:
            highs.addConstr(f[e] - x[a] - x[b] >= -1)
            highs.addConstr(f[e] + x[a] + x[b] >= 1)
    highs.minimize(highs.qsum(abs(weight) * var for weight, var in zip(w.tolist(), f, strict=True)))
    return highs.getInfo().objective_function_value, highs.getInfo().mip_dual_bound

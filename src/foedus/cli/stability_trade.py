"""``foedus stability --trade``: which vulnerable states trade protects, and which ties are kept because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.cli.common import say, show

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.security.trade_result import Protection, TradeStability, TradeTie
    from foedus.system.system import System

MOST = 60
"""Rows of either table that are printed."""


def show_trade(found: TradeStability, system: System) -> None:
    """Print what trade changes in the audit of one system."""
    import polars as pl

    base = found.base
    middle = base.verdicts[min(1, len(base.verdicts) - 1)]
    n, known = len(base.ids), int(np.isfinite(found.total[1]).sum())
    say(
        f"{system.title}: {n} actors, {int(base.ties.sum()) // 2} ties of defence; trade of {found.year}, whole trade of {known} known."
    )
    say(f"{base.draws} draws of strength, seed {base.seed}; {'either pledges' if base.pledged == 'either' else 'both pledge'}; "
        f"strength counts {'as far as it reaches' if base.reach else 'in full everywhere'}.")  # fmt: skip
    rows = [
        {"gamma": f"{r['gamma']:g}", "vulnerable": f"{r['vulnerable']} of {r['known']}",
         "trade protects": f"{r['protected']}" + (f", {r['unknown']} unclear" if r["unknown"] else ""), "ties": str(r["ties"]),
         "need": str(r["by_need"]), "trade": str(r["by_trade"]), "neither": str(r["by_nothing"]), "unknown": str(r["tie_unknown"])}
        for r in found.summary().to_dicts()
    ]  # fmt: skip
    show("States that trade protects, and ties kept by need, by trade, by neither", pl.DataFrame(rows))
    _states(found, found.at(middle.gamma), middle.vulnerable, system)
    _ties(found, middle.gamma, system)
    say("Prize: least gain from a conquest, as % of a year's trade of the attacked, at which some coalition beats it: allies attack only if the "
        "prize is no less than what of that trade is theirs. Bounds where trade is not known, then 90 % over draws of strength; none: no prize "
        "is enough.")  # fmt: skip
    say("Kept by need: both ends are vulnerable without it ('anyway': it is with it too; idle: not without it either). By trade: an end that "
        "could drop it would lose trade; worth: what upkeep may cost that end, % of its trade; ?: strength unknown. Nothing here says that "
        "anybody would attack.")  # fmt: skip


def _states(found: TradeStability, p: Protection, vulnerable: NDArray[np.int8], system: System) -> None:
    """Print the states that trade protects or may protect."""
    import polars as pl

    base = found.base
    chosen = [
        i
        for i in np.argsort(-np.nan_to_num(base.strength), kind="stable")
        if base.known[i] and vulnerable[i] == 1 and p.protected[i] != 0
    ]
    if not chosen:
        say(
            f"At gamma {p.gamma:g} trade protects nobody: whoever is vulnerable falls to states that are not its allies, or to allies that do not "
            "trade with it."
        )
        return
    rows = [
        {"actor": base.ids[i], "strength": f"{base.strength[i]:.2%}", "protected": {1: "yes", -1: "unclear"}[int(p.protected[i])],
         "prize": _between(p.spoils[:, i], "none"), "in draws": f"{p.p[i]:.0%}",
         "over draws": _between(p.interval[:, i], "none") + ("" if p.interval[0, i] < p.interval[1, i] else " in most"),
         "trade, m$": _flow(found.total[:, i])}
        for i in chosen
    ]  # fmt: skip
    show(
        f"Vulnerable states that trade protects below a prize, at gamma {p.gamma:g}",
        pl.DataFrame(rows),
        rows=MOST,
        of=system,
    )


def _ties(found: TradeStability, gamma: float, system: System) -> None:
    """Print the ties that are not kept by need at both ends, those of most trade first."""
    import polars as pl

    chosen = [t for t in found.ties if t.gamma == gamma and t.kept != "need"]
    if not chosen:
        say(f"At gamma {gamma:g} every tie is kept by need.")
        return
    chosen.sort(key=lambda t: ("trade", "nothing", "unknown").index(t.kept) * 1e15 - t.flow[0])
    show(
        f"Ties that need alone does not keep, at gamma {gamma:g}",
        pl.DataFrame([_row(t) for t in chosen]),
        rows=MOST,
        of=system,
    )


def _row(t: TradeTie) -> dict[str, str]:
    """Return one tie as a row."""
    return {
        "tie": f"{t.a}-{t.b}", "by": "neither" if t.kept == "nothing" else t.kept,
        "a, b": f"{t.end_a}, {t.end_b}".replace("lost anyway", "anyway").replace("unknown", "?"),
        "m$": _flow(np.array(t.flow)), "% of a's": _between(np.array(t.share_a)), "% of b's": _between(np.array(t.share_b)),
        "worth": _between(np.array(t.worth)) if t.worth else "-",
    }  # fmt: skip


def _between(ends: NDArray[np.float64], endless: str = "?") -> str:
    """Return two bounds in per cent, one number where they are the same in print; a bound that is not finite in that word."""
    low, high = (_percent(float(x), endless) for x in ends)
    return low if low == high else f"{low} to {high}"


def _percent(x: float, endless: str) -> str:
    """Return a share in per cent."""
    return endless if np.isinf(x) else f"{100 * x:.1f}" if x < 0.095 else f"{100 * x:.0f}"


def _flow(ends: NDArray[np.float64]) -> str:
    """Return a flow in millions, as a least where some of it is not known."""
    if np.isinf(ends[1]):
        return "unknown" if ends[0] == 0 else f"over {ends[0]:,.0f}"
    return f"{ends[0]:,.0f}"

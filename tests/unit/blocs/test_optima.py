"""Number of best line-ups, backbone, next best, and flips: against enumeration."""

import itertools

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from foedus.blocs import optima as module
from foedus.blocs.exact import partition
from foedus.blocs.flips import flip
from foedus.blocs.optima import blocks, forced, optima
from foedus.errors import ParameterError
from foedus.kernels import connectivity, signed

NONE = np.zeros(0, dtype=np.int64)


def graph(rng, n, top, share):
    i, j = np.triu_indices(n, 1)
    w = rng.integers(-top, top + 1, len(i)) * (rng.random(len(i)) < share)
    return i, j, w.astype(float)


def everything(n, i, j, w):
    """Every line-up of the nodes with ties, the first of them on side 0, with its value."""
    tied = np.unique(np.concatenate([i[w != 0], j[w != 0]]))
    out = []
    for code in range(2 ** max(0, len(tied) - 1)):
        side = np.zeros(n, dtype=np.int64)
        side[tied[1:]] = [code >> b & 1 for b in range(len(tied) - 1)]
        out.append((signed.frustration_reference(i, j, w, side), side))
    return tied, out


def agrees(n, i, j, w, found):
    """Compare with enumeration; return the number of best line-ups."""
    tied, every = everything(n, i, j, w)
    least = min(v for v, _ in every)
    best = [s for v, s in every if v == least]
    assert (found.count, found.counted, found.proved, found.optima) == (len(best), True, True, len(best))
    always = found.always()
    for a, b in itertools.combinations(tied, 2):
        seen = {int(s[a] == s[b]) for s in best}
        assert always[a, b] == (0 if len(seen) == 2 else 1 if seen == {1} else -1)
    assert len(found.labels) == min(len(best), module.LISTED)
    assert len({tuple(x[tied] ^ x[tied[0]]) for x in found.labels}) == len(found.labels)
    assert all(signed.frustration_reference(i, j, w, x) == least for x in found.labels)
    matrix = np.zeros((n, n))
    matrix[i, j] = w != 0
    _, component = connected_components(matrix, directed=False)
    first = np.unique(component, return_index=True)[1][component]
    told = [(v, tuple((s ^ s[first])[tied])) for v, s in every]
    mine = tuple((found.labels[0] ^ found.labels[0][first])[tied])
    assert found.gap == min(v for v, t in told if t != mine) - least
    moved = found.labels[0].copy()
    moved[list(found.movers)] ^= 1
    assert signed.frustration_reference(i, j, w, moved) - least == found.gap
    return len(best)


@pytest.mark.parametrize(("top", "share"), [(1, 1.0), (2, 0.5), (9, 1.0), (1, 0.3)])
def test_equals_enumeration(top, share):
    rng = np.random.default_rng(top)
    counts = []
    for _ in range(30):
        n = int(rng.integers(3, 9))
        i, j, w = graph(rng, n, top, share)
        if np.any(w):
            counts.append(agrees(n, i, j, w, optima(n, i, j, w, partition(n, i, j, w), seconds=60)))
    assert max(counts) > 1


def test_twelve_and_fourteen_nodes_equal_enumeration():
    rng = np.random.default_rng(0)
    for n, top in ((12, 1), (14, 3)):
        i, j, w = graph(rng, n, top, 0.5)
        agrees(n, i, j, w, optima(n, i, j, w, partition(n, i, j, w), seconds=60))


def test_a_five_ring_with_one_enmity_has_five_best_line_ups():
    i, j, w = np.array([0, 1, 2, 3, 0]), np.array([1, 2, 3, 4, 4]), np.array([1.0, 1, 1, 1, -1])
    found = optima(5, i, j, w, partition(5, i, j, w))
    assert (found.count, found.gap) == (5, 0)
    assert not found.always()[np.triu_indices(5, 1)].any()


def test_parts_without_ties_between_them_turn_freely():
    i, j, w = np.array([0, 2, 4]), np.array([1, 3, 5]), np.array([1.0, -1.0, 2.0])
    found = optima(7, i, j, w, partition(7, i, j, w))
    assert (found.count, found.gap, len(found.labels)) == (4, 1, 4)
    assert found.always()[0, 1] == 1
    assert found.always()[2, 3] == -1
    assert found.always()[0, 2] == 0


def test_no_ties_at_all():
    found = optima(3, NONE, NONE, np.zeros(0), partition(3, NONE, NONE, np.zeros(0)))
    assert (found.gap, found.movers, found.proved, found.count) == (0, (), True, 1)


def test_what_is_not_counted_to_the_end_is_at_least_so_many(monkeypatch):
    monkeypatch.setattr(module, "BUDGET", 900)
    i, j = np.triu_indices(8, 1)
    w = np.full(28, -1.0)
    found = optima(8, i, j, w, partition(8, i, j, w))
    assert not found.counted
    assert found.optima is None
    assert 1 <= found.count < 35
    assert not found.always()[np.triu_indices(8, 1)].all()


def test_a_move_that_costs_nothing_is_found_without_any_enumeration(monkeypatch):
    monkeypatch.setattr(module, "BUDGET", 1)
    i, j = np.triu_indices(3, 1)
    w = np.full(3, -1.0)
    found = optima(3, i, j, w, partition(3, i, j, w))
    assert (found.gap, len(found.movers), found.count, found.counted) == (0, 1, 1, False)


def test_more_than_are_listed_are_still_counted():
    i, j = np.triu_indices(8, 1)
    w = np.full(28, -1.0)
    found = optima(8, i, j, w, partition(8, i, j, w), limit=3)
    assert (found.count, len(found.labels), found.counted) == (35, 3, True)


def test_an_unproved_line_up_proves_nothing_here():
    rng = np.random.default_rng(0)
    i, j = np.triu_indices(60, 1)
    w = rng.normal(size=len(i))
    best = partition(60, i, j, w, seconds=0.0)
    found = optima(60, i, j, w, best, seconds=0.0)
    assert not best.proved
    assert (found.proved, found.counted) == (False, False)


def test_forced_pairs_cost_what_enumeration_says():
    rng = np.random.default_rng(9)
    for _ in range(20):
        i, j, w = graph(rng, 7, 5, 1.0)
        best = partition(7, i, j, w)
        seen = np.where(best.label[i] == best.label[j], w, -w).astype(np.int64)
        pairs = [*[(0, 1), (1, 2)][: int(rng.integers(1, 3))], (5, 6)]
        turned, cost, proved = forced(7, i, j, seen, pairs, 60.0)
        assert proved
        assert all(turned[a] != turned[b] for a, b in pairs)
        options = [np.array(x) for x in itertools.product((0, 1), repeat=7)]
        fit = [x for x in options if all(x[a] != x[b] for a, b in pairs)]
        assert cost == min(signed.frustration_reference(i, j, w, best.label ^ x) for x in fit) - best.value
        assert cost == int(seen[turned[i] != turned[j]].sum())


def test_a_pair_that_follows_from_another_is_kept():
    i, j, seen = np.array([0, 1]), np.array([1, 2]), np.array([1, 1])
    turned, cost, _ = forced(3, i, j, seen, [(0, 1), (0, 1)], 10.0)
    assert turned[0] != turned[1]
    assert cost == 1


def test_blocks_are_those_of_networkx():
    nx = pytest.importorskip("networkx")
    rng = np.random.default_rng(3)
    for _ in range(30):
        n = int(rng.integers(1, 12))
        pairs = [p for p in itertools.combinations(range(n), 2) if rng.random() < 0.25]
        a, b = (np.array([p[k] for p in pairs], dtype=np.int64) for k in (0, 1))
        ours = {tuple(x.tolist()) for x in blocks(n, a, b)}
        graph_ = nx.Graph(pairs)
        assert ours == {tuple(sorted(x)) for x in nx.biconnected_components(graph_)}


def test_scan_never_exceeds_the_least_cut():
    rng = np.random.default_rng(4)
    for _ in range(20):
        n = 6
        i, j = np.triu_indices(n, 1)
        keep = rng.random(len(i)) < 0.6
        i, j = i[keep], j[keep]
        w = rng.integers(0, 6, len(i))
        bound = connectivity.scan(*signed.csr(n, i, j), w)
        for e in range(len(i)):
            cuts = [
                int(w[(x[i] != x[j])].sum())
                for x in (np.array(c) for c in itertools.product((0, 1), repeat=n)) if x[i[e]] != x[j[e]]
            ]  # fmt: skip
            assert bound[e] <= min(cuts)


def test_flips_equal_enumeration():
    rng = np.random.default_rng(1)
    for _ in range(25):
        n = int(rng.integers(3, 7))
        i, j, w = graph(rng, n, 5, 1.0)
        best = partition(n, i, j, w)
        node, anchor = (int(x) for x in rng.permutation(n)[:2])
        found = flip(n, i, j, w, best, node, anchor, seconds=60)
        every = [np.array(x) for x in itertools.product((0, 1), repeat=n)]
        value = [signed.frustration_reference(i, j, w, x) for x in every]
        together = best.label[node] == best.label[anchor]
        least = min(v for v, x in zip(value, every, strict=True) if (x[node] == x[anchor]) != together)
        assert found.proved
        assert found.change == least - best.value
        assert node in found.movers
        assert anchor not in found.movers
        assert {t.partner for t in found.ties} == {
            int(a + b) - node for a, b, x in zip(i, j, w, strict=True) if x and node in (a, b)
        }
        for t in found.ties:
            same = best.label[i[t.tie]] == best.label[j[t.tie]]
            assert (
                t.change
                == min(v for v, x in zip(value, every, strict=True) if (x[i[t.tie]] == x[j[t.tie]]) != same)
                - best.value
            )
            # Push the tie just past its mark and look who stands where then.
            pushed = w.copy()
            pushed[t.tie] += -(t.change + 0.5) if same else t.change + 0.5
            after = [signed.frustration_reference(i, j, pushed, x) for x in every]
            best_now = [x for v, x in zip(after, every, strict=True) if v == min(after)]
            assert t.flips == any((x[node] == x[anchor]) != together for x in best_now)


def test_a_flip_out_of_time_leaves_ties_out():
    i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([2.0, -1.0, -1.0])
    assert flip(3, i, j, w, partition(3, i, j, w), 1, 0, seconds=0.0).ties == ()
    assert flip(3, i, j, w, partition(3, i, j, w), 1, 0, ties=False).ties == ()


def test_a_node_cannot_flip_against_itself():
    with pytest.raises(ParameterError, match="'anchor' parameter"):
        flip(
            2,
            np.array([0]),
            np.array([1]),
            np.array([1.0]),
            partition(2, np.array([0]), np.array([1]), np.array([1.0])),
            1,
            1,
        )

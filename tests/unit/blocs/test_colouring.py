"""Colourings of lumps against enumeration, and parts that k blocs cannot content."""

import itertools

import numpy as np
import pytest

from foedus.blocs import colouring
from foedus.blocs.colouring import colour, obstructions, painted
from foedus.kernels.signed import frustration_reference


def neighbours(n, edges):
    near = [set() for _ in range(n)]
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    return near


def colourable(n, edges, k):
    return any(all(x[a] != x[b] for a, b in edges) for x in itertools.product(range(k), repeat=n))


@pytest.mark.parametrize("k", [1, 2, 3])
def test_colouring_equals_enumeration(k):
    rng = np.random.default_rng(k)
    for _ in range(40):
        n = int(rng.integers(1, 7))
        edges = [e for e in itertools.combinations(range(n), 2) if rng.random() < 0.6]
        found = colour(neighbours(n, edges), k)
        assert (found is not None) == colourable(n, edges, k)
        if found is not None:
            assert all(found[a] != found[b] for a, b in edges)
            assert max(found) < k


def test_too_many_steps_claim_nothing(monkeypatch):
    monkeypatch.setattr(colouring, "STEPS", 2)
    near = neighbours(5, list(itertools.combinations(range(5), 2)))
    assert colour(near, 4) == "unknown"
    i, j = np.triu_indices(5, 1)
    units = np.full(10, -1)
    assert painted(5, i, j, units, np.zeros(10), 4) is None
    assert obstructions(5, i, j, units, np.zeros(10), 4) == []


def test_every_part_found_is_broken_by_every_line_up_into_k_blocs():
    rng = np.random.default_rng(5)
    rows = 0
    for _ in range(12):
        n = 6
        i, j = np.triu_indices(n, 1)
        units = rng.choice([-2, -1, 1], len(i), p=[0.4, 0.4, 0.2])
        for row in obstructions(n, i, j, units, np.where(rng.random(len(i)) < 0.2, 1.0, 0.0), 3):
            rows += 1
            mask = np.zeros(len(i))
            mask[row] = units[row]
            best = min(frustration_reference(i, j, mask, np.array(x)) for x in itertools.product(range(3), repeat=n))
            assert best > 0
    assert rows > 8


def test_friends_between_hold_the_ends_of_hostile_ties_together():
    # Lumps {0, 1, 2}, 3, 4, 5 are all hostile to each other, through different members of the first.
    i = np.array([0, 1, 0, 1, 2, 3, 3, 4])
    j = np.array([1, 2, 3, 4, 5, 4, 5, 5])
    units = np.array([9, 9, -1, -1, -1, -1, -1, -1])
    rows = obstructions(6, i, j, units, np.zeros(8), 3)
    assert [r.tolist() for r in rows] == [list(range(8))]
    assert painted(6, i, j, units, np.zeros(8), 3) is None
    label = painted(6, i, j, units, np.zeros(8), 4)
    assert frustration_reference(i, j, units.astype(float), label) == 0


def test_a_part_keeps_no_tie_that_can_be_spared():
    # Seven in a ring, each hostile to the next two: four blocs are needed, and not for every tie.
    pairs = sorted({tuple(sorted((v, (v + d) % 7))) for v in range(7) for d in (1, 2)})
    i, j = (np.array([p[k] for p in pairs]) for k in (0, 1))
    rows = obstructions(7, i, j, np.full(14, -1), np.zeros(14), 3)
    assert rows
    for row in rows:
        edges = [pairs[e] for e in row]
        assert not colourable(7, edges, 3)
        assert all(colourable(7, [p for p in edges if p != gone], 3) for gone in edges)

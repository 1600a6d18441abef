"""The checker of proofs: what it accepts is right, and each way to cheat is refused."""

import dataclasses

import numpy as np
import pytest

from foedus.blocs.certificate import Case, Certificate, Walks, check_certificate
from foedus.errors import ParameterError

FIRST, SECOND = np.array([0, 0, 1, 2, 2]), np.array([1, 2, 2, 3, 3])
UNITS = np.array([5, 5, -2, 4, -1])


def walks(*rows, share=1):
    """Walks from (ties, amount)."""
    start = np.concatenate([[0], np.cumsum([len(r) for r, _ in rows])]).astype(np.int64)
    flat = np.concatenate([np.array(r, dtype=np.int64) for r, _ in rows]) if rows else np.zeros(0, dtype=np.int64)
    return Walks(flat, start, np.array([a for _, a in rows], dtype=np.int64), share)


def proof(*parts, bound=0, units=UNITS):
    return Certificate(units, tuple(tuple(Case(d, w) for d, w in part) for part in parts), bound)


def test_a_triangle_and_a_pair_of_opposite_ties_are_counted():
    both = walks(([0, 1, 2], 2), ([3, 4], 1))
    assert check_certificate(4, FIRST, SECOND, proof([((), both)], bound=3)) == 3
    assert (
        check_certificate(4, FIRST, SECOND, proof([((), walks(([0, 1, 2], 2)))], [((), walks(([3, 4], 1)))], bound=3))
        == 3
    )


def test_fractions_of_a_unit_are_rounded_up():
    assert check_certificate(4, FIRST, SECOND, proof([((), walks(([0, 1, 2], 3), share=2))], bound=2)) == 2


def test_cases_are_bounded_one_by_one_and_the_least_counts():
    """Tie 2 frustrated pays its weight; satisfied, it may be used without limit, but ties 0 and 1 still carry 5."""
    frustrated, satisfied = ((2, True),), ((2, False),)
    cases = proof([(frustrated, walks(([0, 1, 2], 2))), (satisfied, walks(([0, 1, 2], 5)))], bound=2)
    assert check_certificate(4, FIRST, SECOND, cases) == 2
    assert cases.cases == 2


def test_a_case_that_contradicts_itself_bounds_nothing_and_costs_nothing():
    decided = ((2, False), (0, False))
    cases = [
        ((*decided, (1, False)), walks(([0, 1, 2], 1))), ((*decided, (1, True)), walks(([0, 1, 2], 5))),
        (((2, False), (0, True)), walks(([0, 1, 2], 5))), (((2, True),), walks(([0, 1, 2], 2))),
    ]  # fmt: skip
    assert check_certificate(4, FIRST, SECOND, proof(cases, bound=2)) == 2


def test_every_case_may_contradict_itself_only_where_nothing_is_to_be_bounded():
    cases = [(((2, False),), walks()), (((2, True),), walks())]
    assert check_certificate(4, FIRST, SECOND, proof(cases)) == 0


WRONG = {
    "amount too large": (proof([((), walks(([0, 1, 2], 3)))]), "carries 3 of 2"),
    "even number of negative ties": (proof([((), walks(([0, 1, 2, 4, 3], 1)))]), "even number"),
    "not closed": (proof([((), walks(([0, 2], 1)))]), "not closed"),
    "tie twice": (proof([((), walks(([0, 1, 2, 3, 3], 1)))]), "tie twice"),
    "amount of nothing": (proof([((), walks(([0, 1, 2], 0)))]), "of zero"),
    "tie that counts for nothing": (proof([((), walks(([0, 1, 2], 1)))], units=np.array([5, 0, -2, 4, -1])), "of zero"),
    "tie that does not exist": (proof([((), walks(([0, 1, 9], 1)))]), "does not exist"),
    "case left out": (proof([(((2, True),), walks())]), "leaves a case out"),
    "case left out below another": (
        proof(
            [
                (((2, False), (1, False)), walks()),
                (((2, False), (1, True)), walks()),
                (((2, True), (1, False)), walks()),
            ]
        ),
        "leaves a case out",
    ),
    "same answer twice": (proof([(((2, True),), walks()), (((2, True),), walks())]), "leaves a case out"),
    "other tie decided": (proof([(((2, True),), walks()), (((1, False),), walks())]), "leaves a case out"),
    "no case": (proof([]), "leaves a case out"),
    "undecided beside decided": (proof([((), walks()), (((1, False),), walks())]), "leaves a case out"),
    "tie in two parts": (proof([((), walks(([0, 1, 2], 1)))], [((), walks(([0, 1, 2], 1)))]), "shares a tie"),
    "claims more": (proof([((), walks(([0, 1, 2], 2)))], bound=3), "proves 2"),
    "lengths disagree": (proof([((), dataclasses.replace(walks(([0, 1, 2], 2)), start=np.array([0])))]), "disagree"),
    "weights of other ties": (proof(units=UNITS[:2]), "2 weights for 5 ties"),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_does_not_hold_is_refused(name):
    certificate, text = WRONG[name]
    with pytest.raises(ParameterError, match=text):
        check_certificate(4, FIRST, SECOND, certificate)


def test_ends_outside_the_nodes_are_refused():
    with pytest.raises(ParameterError, match="outside the nodes"):
        check_certificate(3, FIRST, SECOND, proof())


def test_nothing_proves_nothing():
    assert check_certificate(2, FIRST[:0], SECOND[:0], Certificate(UNITS[:0], (), 0)) == 0

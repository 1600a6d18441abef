"""Rows of `validate` that take long on the published data, on results made by hand: each reads the number that it names.

The results are of the studies' own classes, so that a change of one shows here and not only in a full run.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus.estimate.strategic import strategic
from foedus.formation.network import Network
from foedus.formation.network_terms import parse_terms
from foedus.formation.tergm import Tergm
from foedus.kernels.crisis_game import OUTCOMES, Costs
from foedus.security.fighting_worlds import Ranged
from foedus.studies import validate_power, validate_wars
from foedus.studies.congo import Congo, Rank, Removal
from foedus.studies.crisis_years import Years
from foedus.studies.debate import debated
from foedus.studies.fit import fit
from foedus.studies.network_rows import REFERENCE, REFERENCE_LAGGED
from foedus.studies.peace_facts import FallOfWar
from foedus.studies.peace_facts_ties import Change, Density
from foedus.studies.peace_facts_wars import MAIN, Rate
from foedus.studies.validate import validate
from foedus.studies.validate_measures import measures
from foedus.studies.validate_rule import judge, shown
from foedus.studies.validate_spec import chosen
from foedus.studies.verdict_run import Bench
from unit.studies.test_debate import FINAL, FIRST, made_rows


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def found(bench, name):
    """Return what a row finds, its verdict, and its values as text."""
    (row,) = chosen([name])
    made = measures()[name](bench)
    return made, judge(row, made), shown(row, made)


def test_the_debate(bench):
    """New pacts planted above 0 and older ones below: the rows say so, and name the choice."""
    bench.once("debate", lambda: debated(made_rows(0.9, -1.6, new_after=-0.8, old_after=0.8), FIRST, FINAL, draws=20))
    for prefix in ("leeds", "johnson"):
        for name, term in (("pact", "pact"), ("offence", "offence"), ("neutrality", "neutrality")):
            made, _, _ = found(bench, f"8.{prefix}-{name}")
            design = next(d for n, d in bench.once("debate", dict).designs.items() if n.lower().startswith(prefix))
            assert (made.values[0], *made.spans[0]) == pytest.approx(design.interval(term))
    assert found(bench, "9.newer")[1] == "same sign"
    assert "older one -" in found(bench, "9.newer")[0].note
    assert found(bench, "9.eras")[1] == "same sign"
    assert found(bench, "9.before")[0].note.endswith("disputes")
    made, verdict, _ = found(bench, "9.choice")
    assert (made.values, verdict) == (("which pacts of the target",), "ours only")


def test_the_fall_of_war(bench):
    rate = lambda source, ratio: Rate(  # noqa: E731
        source, "war", "onsets", "cow", True, MAIN, (59, 34), (ratio * 6e-5, 6e-5), ratio, (ratio - 2, ratio + 2), (1.0, 2.0)
    )  # fmt: skip
    change = lambda what, kind, rule, value: Change(  # noqa: E731
        what, kind, rule, MAIN, value, tuple(v - 0.1 for v in value), tuple(v + 0.1 for v in value), value[1] / value[0], 1.5, 8.0
    )  # fmt: skip
    years = np.arange(1900, 1914)
    kinds = [
        ("ATOP, any pact", "all states"),
        ("ATOP, any pact", "Europe"),
        ("rivalries, Thompson", "all states"),
        ("rivalries, Peace Data", "all states"),
    ]
    slopes = [(0.1, 0.05, 0.15), (0.2, 0.1, 0.3), (-0.1, -0.2, 0.1), (-0.2, -0.3, -0.1)]
    dense = [Density(*k, years, years - 1890, np.full(14, 900), s) for k, s in zip(kinds, slopes, strict=True)]
    ties = (
        change("allies of a state", "ATOP, any pact", "mean over years", (2.2, 14.4)),
        change("allies of a state", "ATOP, defence", "mean over years", (1.9, 9.5)),
        change("still there after 5 years", "ATOP, any pact", "of all ties", (0.65, 0.96)),
    )
    bench.once("facts", lambda: FallOfWar((rate("COW wars", 7.0), rate("IWD", 0.9)), ties, tuple(dense), (), 100, 1))
    made, verdict, _ = found(bench, "3.rates")
    assert made.values == pytest.approx((42e-5, 6e-5))
    assert (verdict, "over 2 rules" in made.note, "59 and 34 wars" in made.note) == ("differs, explained", True, True)
    assert found(bench, "3.ratio")[2] == ("7.00 [5.00, 9.00]",)
    assert "0.9 to 7.0" in found(bench, "3.ratio")[0].note
    assert (found(bench, "3.fell")[1], found(bench, "3.fell")[0].note) == ("as published", "above 1 by 1 of 2 rules")
    assert found(bench, "3.allies")[0].values == (2.2, 14.4)
    assert "defence pacts alone 1.90 and 9.50" in found(bench, "3.allies")[0].note
    assert found(bench, "3.lasting")[1] == "differs, explained"
    verdicts = [found(bench, f"16.{n}")[1] for n in ("pacts", "europe", "thompson", "peace-data")]
    assert verdicts == ["as published", "as published", "not shown", "not as published"]
    assert found(bench, "16.pacts")[0].note == "10 of 900 pairs in 1900, 23 of 900 in 1913"
    assert validate_wars.MAIN[-1] == MAIN


def test_the_game_of_all_pairs(bench):
    ends = ["SQ"] * 2 + ["NEGO"] * 5 + ["ACQ_A", "WAR_A"] + [None]
    n = len(ends)
    frame = pl.DataFrame({
        "year": [1900] * n, "ccode1": [1, 2] * 5, "ccode2": [2, 1] * 5, "outcome": [None if e is None else OUTCOMES.index(e) for e in ends],
        "relevant": [True] * 4 + [False] * 6, "dispute": [1, 1] + [0] * 8,
    })  # fmt: skip
    bench.once("game", lambda: Years(frame, "tau_b", "portfolio", "year", Costs(), {}))
    made, verdict, _ = found(bench, "s5.pairs")
    assert (made.values, made.note, verdict) == (
        (10.0,),
        "1 of them have no end, as an input is not known",
        "differs, explained",
    )
    assert found(bench, "s5.all")[0].values == pytest.approx([100 * x / 9 for x in (2, 5, 1, 0, 1)])
    assert found(bench, "s5.relevant")[0].values == pytest.approx([50, 50, 0, 0, 0])
    made, _, _ = found(bench, "s5.disputes")
    assert (made.values, made.note) == ((20.0,), "half of it is 10.00")
    assert validate_power.GAME == (1816, 1984)


def test_the_congo(bench):
    ranks = tuple(
        Rank(w, Ranged(v, v - 0.1, v + 0.1), "") for w, v in (("equilibrium efforts", 0.3), ("number of enemies", 0.8))
    )
    change = lambda what, v: Removal(what, Ranged(v, v - 0.02, v + 0.02), Ranged(0, 0, 0), 0.09)  # noqa: E731
    removals = (
        change("peace between all enemies", -0.6),
        change("without both codes of Rwanda's army", -0.2),
        change("without X", -0.1),
    )
    empty = dict.fromkeys(("spillovers", "equilibrium", "observed"))
    case = Congo(
        **empty, deviation=0.0, ranks=ranks, removals=removals, prizes=(), without=0.0, draws=40, seed=1, data=()
    )
    bench.once("congo", lambda: case)
    made, verdict, text = found(bench, "10.fit")
    assert (made.spans, verdict, text) == (
        ((pytest.approx(0.2), pytest.approx(0.4)),),
        "ours only",
        ("0.30 [0.20, 0.40]",),
    )
    assert made.level == 0.9
    made, _, text = found(bench, "10.key")
    assert made.note.startswith("X, which has 9 % of all fights itself")
    assert text == ("-10.0 [-12.0, -8.0]",)


def test_network_models(bench):
    """Coefficients that count upwards, so that each row must find its own term; resampled sets a tenth around them."""

    def made(names):
        terms = parse_terms(names)
        coef = np.arange(1.0, len(terms) + 1)
        return Tergm(
            terms,
            coef,
            coef,
            coef + np.linspace(-0.1, 0.1, 21)[:, None],
            0,
            9,
            3,
            0,
            (1981, 1982),
            0.0,
            0.0,
            1980,
            21,
            1,
            1,
        )

    bench.once(("tergm", False), lambda: made(REFERENCE))
    bench.once(("tergm", True), lambda: made(REFERENCE_LAGGED))
    for row, term in (
        ("partners", "edgecov(shared_before)"),
        ("capability", "nodecov(cinc)"),
        ("border", "edgecov(border)"),
        ("regime", "absdiff(polity)"),
    ):
        got, verdict, _ = found(bench, f"13.{row}")
        assert got.values[0] == REFERENCE.index(term) + 1
        assert verdict == ("opposite sign" if row == "regime" else "same sign")
    assert found(bench, "13.autoregression")[0].values[0] == REFERENCE_LAGGED.index("memory(autoregression)") + 1
    got, verdict, _ = found(bench, "13.memory")
    assert (got.values, got.note, verdict) == ((0.0,), "from 3.00 to 3.00", "not shown")
    ties = np.array([[0, 1], [1, 0]], dtype=bool)
    bench.once("networks", lambda: [Network(y, ("A", "B"), ties) for y in (1981, 1982)])
    assert found(bench, "13.size")[0].values == (2, 2, 2, 2)


def test_the_fitted_game(bench):
    rng = np.random.default_rng(1)
    rows = pl.DataFrame({"end": rng.choice([1, 3, 4], 300), "a": rng.normal(size=300), "b": rng.normal(size=300)})
    game = strategic("end ~ a - 1 | 1 | 1 | b", rows, starts=2)
    bench.once("attacks", lambda: game)
    assert found(bench, "12.rows")[0].values == (300,)
    assert found(bench, "12.likelihood")[0].values == (game.log_likelihood,)
    coef = dict(zip(game.names, game.coef.tolist(), strict=True))
    assert found(bench, "12.constants")[0].values == (coef["u13:intercept"], coef["u14:intercept"])


def test_formation(bench):
    rng = np.random.default_rng(1)
    n = 600
    far = rng.integers(0, 5000, n)
    frame = pl.DataFrame({
        "pact_onset": (rng.random(n) < 1 / (1 + far / 300)).astype(int), "rivalry": rng.integers(0, 2, n), "contiguous": rng.integers(0, 2, n),
        "major": rng.integers(0, 2, n), "distance": far,
    })  # fmt: skip
    bench.once(
        "formation",
        lambda: fit("pact_onset ~ rivalry + contiguous + major + log(distance + 1)", frame, differences=False),
    )
    got, verdict, _ = found(bench, "s11.distance")
    assert (verdict, got.note) == ("same sign", "600 pairs and years, errors by pair")


def test_six_powers_and_proofs():
    run = validate(["7"])
    assert [(r.row.id, r.verdict) for r in run.rows] == [("7.drawn", "equal"), ("7.facts", "not as published")]
    assert "6 of 15 signs differ" in run.rows[1].why


def test_the_index_is_compared_in_the_precision_of_its_file(bench):
    """In double the eighth digit is another; of the year before, one row is two units of the last place away."""
    rows = {
        "ccode": [255, 365, 255],
        "year": [1938, 1938, 1937],
        "cinc": [0.1542221419342378, 0.16435920469786366, 0.15],
    }
    beside = [0.15422215, 0.16435921, 0.15 * (1 + 2e-7)]
    bench.once("index", lambda: pl.DataFrame(rows | {"published": beside}))
    made, verdict, _ = found(bench, "s4.1938")
    assert (made.values, verdict) == ((0.15422215, 0.16435921), "equal")
    assert "of 3 rows 67 % are then the same number, the others within 2 units" in made.note

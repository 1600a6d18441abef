"""Rows of `foedus.studies.validate` on the fall of war, who joins, war sizes and the years before 1914."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate import powerlaw
from foedus.estimate.logit import logit
from foedus.studies import peace_facts_ties as ties
from foedus.studies import peace_facts_wars as wars
from foedus.studies.diffusion import WAR, diffusion, joining_rows
from foedus.studies.peace_facts import fall_of_war
from foedus.studies.validate_measures import Measures
from foedus.studies.validate_rule import Found
from foedus.war import size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.estimate.logit import Logit
    from foedus.studies.diffusion import Diffusion
    from foedus.studies.peace_facts import FallOfWar
    from foedus.studies.verdict_run import Bench

MEASURES = Measures()
DRAWS = 1000
LISTS = 10_000
"""Resampled lists of wars: of 1,000 the upper end of the interval scatters by more than the last digit printed."""
CENTURY = 100
MAIN = ("COW wars", "war", "onsets", "cow", True, wars.MAIN)
"""The plainest rule: wars of the Correlates of War, each counted once, members of its system, world wars in, published windows."""


def _facts(bench: Bench) -> FallOfWar:
    """Return the fall of war under every rule."""
    return bench.once("facts", lambda: fall_of_war(data_dir=bench.store, draws=DRAWS, seed=bench.seed))


def _main(bench: Bench) -> wars.Rate:
    """Return the plainest rule's rates."""
    every = _facts(bench).wars
    return next(r for r in every if (r.source, r.pairs, r.count, r.system, r.world_wars, r.window) == MAIN)


@MEASURES.row("3.rates")
def _rates(bench: Bench) -> Found:
    every, main = _facts(bench).wars, _main(bench)
    ends = [(1e5 * min(r.rate[k] for r in every), 1e5 * max(r.rate[k] for r in every)) for k in (0, 1)]
    note = "over {} rules, in 100,000: {:.0f} to {:.0f}, {:.1f} to {:.1f}".format(len(every), *ends[0], *ends[1])
    return Found.of(*main.rate, note=f"{note}; {main.n[0]} and {main.n[1]} wars")


@MEASURES.row("3.ratio")
def _ratio(bench: Bench) -> Found:
    main = _main(bench)
    least, median, most = _facts(bench).ratios()["every rule"]
    note = f"over {len(_facts(bench).wars)} rules {least:.1f} to {most:.1f}, median {median:.1f}; interval over wars"
    return Found.span(main.ratio, *main.by_wars, note=note)


@MEASURES.row("3.fell")
def _fell(bench: Bench) -> Found:
    main = _main(bench)
    above = sum(r.ratio > 1 for r in _facts(bench).wars)
    return Found.span(main.ratio, *main.by_wars, note=f"above 1 by {above} of {len(_facts(bench).wars)} rules")


def _change(bench: Bench, what: str, rule: str) -> Found:
    """Return both windows of one change, with intervals over blocks of years."""
    (at,) = (
        c for c in _facts(bench).ties if (c.what, c.kind, c.rule, c.window) == (what, "ATOP, any pact", rule, wars.MAIN)
    )
    note = f"ratio {at.ratio:.1f} [{at.ratio_low:.1f}, {at.ratio_high:.1f}]"
    return Found.of(*at.value, spans=list(zip(at.low, at.high, strict=True)), note=note)


@MEASURES.row("3.allies")
def _allies(bench: Bench) -> Found:
    found = _change(bench, "allies of a state", "mean over years")
    (defence,) = (
        c for c in _facts(bench).ties
        if (c.what, c.kind, c.rule, c.window) == ("allies of a state", "ATOP, defence", "mean over years", ties.WINDOWS[0])
    )  # fmt: skip
    note = f"{found.note}; defence pacts alone {defence.value[0]:.2f} and {defence.value[1]:.2f}"
    return Found.of(*found.values, spans=found.spans, note=note)


@MEASURES.row("3.lasting")
def _lasting(bench: Bench) -> Found:
    return _change(bench, "still there after 5 years", "of all ties")


def _joining(bench: Bench) -> Logit:
    """Return the logit of joining on border, alliance and both, errors by dispute."""

    def made() -> Logit:
        rows = joining_rows(bench.store).filter(hostlev=WAR)
        return logit("joined ~ border * ally", rows, errors="cluster", cluster="dispnum")

    return bench.once("joining", made)


def _term(bench: Bench, term: str) -> Found:
    """Return one term with its 95 % interval."""
    fit = _joining(bench)
    at = fit.terms.index(term)
    low, high = fit.interval(level=0.95)[:, 0, at]
    return Found.span(fit.coef[0, at], low, high, note="errors by dispute")


@MEASURES.row("4.border")
def _border(bench: Bench) -> Found:
    return _term(bench, "border")


@MEASURES.row("4.ally")
def _ally(bench: Bench) -> Found:
    return _term(bench, "ally")


@MEASURES.row("4.both")
def _both(bench: Bench) -> Found:
    return _term(bench, "border:ally")


def _diffusion(bench: Bench) -> Diffusion:
    """Return the table of joining."""
    return bench.once("diffusion", lambda: diffusion(bench.store, level=0.95, seed=bench.seed))


@MEASURES.row("4.rates")
def _shares(bench: Bench) -> Found:
    found = _diffusion(bench)
    neither, ally, border, both = found.cells
    later = diffusion(bench.store, at="year", draws=2, seed=bench.seed).cells
    note = (
        f"border only {border.rate:.4f}, pact only {ally.rate:.4f}; {found.joiners} joiners of {found.disputes} disputes; with pacts and borders of "
        f"any day of the year {later[0].rate:.3f} and {later[3].rate:.2f}"
    )
    return Found.of(neither.rate, both.rate, spans=[(neither.low, neither.high), (both.low, both.high)], note=note)


def _deaths(bench: Bench) -> NDArray[np.float64]:
    """Return battle deaths of each war."""
    return bench.store.table("cow_war_sizes")["battle_deaths"].to_numpy().astype(np.float64)


@MEASURES.row("11.wars")
def _wars(bench: Bench) -> Found:
    deaths = _deaths(bench)
    return Found.of(len(deaths), deaths.min(), deaths.max())


@MEASURES.row("11.alpha")
def _alpha(bench: Bench) -> Found:
    fit, lists = powerlaw.fit_power_law(_deaths(bench)), _sizes(bench).alpha
    small = 1 + (fit.alpha - 1) * (fit.n_tail - 1) / fit.n_tail
    note = (
        f"{fit.alpha:.5f}; corrected for small samples {small:.3f}; mean and median over resampled lists {lists.mean():.3f} and "
        f"{np.median(lists):.3f}; by a distance on both sides {powerlaw.fit_power_law(_deaths(bench), kind='both').alpha:.3f}"
    )
    return Found.of(fit.alpha, fit.std_error, note=note)


@MEASURES.row("11.tail")
def _tail(bench: Bench) -> Found:
    fit = powerlaw.fit_power_law(_deaths(bench))
    return Found.of(fit.x_min, fit.n_tail, fit.alpha, fit.std_error)


@MEASURES.row("11.both-sides")
def _both_sides(bench: Bench) -> Found:
    fit = powerlaw.fit_power_law(_deaths(bench), kind="both")
    return Found.of(fit.x_min, fit.alpha)


def _sizes(bench: Bench) -> size.WarSizes:
    """Return the distribution over resampled wars."""

    def made() -> size.WarSizes:
        begun = bench.store.table("cow_war_sizes")["start"].to_numpy()
        return size.fit_sizes(_deaths(bench), begun, cap=size.shipped().cap, draws=LISTS, seed=bench.seed)

    return bench.once("sizes", made)


@MEASURES.row("11.interval")
def _interval(bench: Bench) -> Found:
    alpha = _sizes(bench).alpha
    low, high = np.quantile(alpha.reshape(-1, DRAWS), [0.025, 0.975], axis=1)
    note = (
        f"ends over {LISTS:,} resampled lists; over each {DRAWS:,} of them the lower is from {low.min():.3f} to {low.max():.3f} and the "
        f"upper from {high.min():.3f} to {high.max():.3f}"
    )
    return Found.of(*np.quantile(alpha, [0.025, 0.975]), note=note)


@MEASURES.row("11.chance")
def _chance(bench: Bench) -> Found:
    made, fit = _sizes(bench), powerlaw.fit_power_law(_deaths(bench))
    chances = -np.expm1(-made.exceed(size.WORLD_WAR_II) * made.per_year * CENTURY)
    parts = chances.reshape(-1, DRAWS).mean(axis=1)
    one = -np.expm1(-fit.exceed(size.WORLD_WAR_II) * made.per_year * CENTURY)
    note = (
        f"mean over {LISTS:,} resampled lists, {chances.mean():.4f} with an error of {chances.std() / np.sqrt(LISTS):.4f}; over each "
        f"{DRAWS:,} of them from {parts.min():.3f} to {parts.max():.3f}; of the list itself {one:.2f}"
    )
    return Found.of(chances.mean(), note=note)


@MEASURES.row("11.expected")
def _expected(bench: Bench) -> Found:
    made = _sizes(bench)
    fits = powerlaw.resampled_fits(_deaths(bench), draws=DRAWS // 2, seed=bench.seed, kind="both")
    other = float(np.mean([f.exceed(size.WORLD_WAR_II) for f in fits])) * made.per_year * CENTURY
    return Found.of(made.within(CENTURY)[1], note=f"with a distance on both sides {other:.2f}")


@MEASURES.row("11.gap")
def _gap(bench: Bench) -> Found:
    return Found.of(1 / _sizes(bench).per_year)


@MEASURES.row("11.slope")
def _slope(bench: Bench) -> Found:
    """Fit a line to the logarithms of size and share of wars as large or larger."""
    x = np.sort(_deaths(bench))
    share = 1 - np.arange(len(x)) / len(x)
    line = np.polyfit(np.log10(x), np.log10(share), 1)
    fitted = np.corrcoef(np.log10(x), np.log10(share))[0, 1] ** 2
    return Found.of(
        line[0],
        fitted,
        note=f"by likelihood above {powerlaw.fit_power_law(x).x_min:,.0f}: {1 - powerlaw.fit_power_law(x).alpha:.3f}",
    )


def _density(bench: Bench, kind: str, where: str) -> Found:
    """Return the trend of the share of pairs with a tie, 1900-1913."""
    (at,) = (d for d in _facts(bench).before_1914 if (d.kind, d.where) == (kind, where))
    note = f"{int(at.n[0])} of {int(at.pairs[0])} pairs in {int(at.year[0])}, {int(at.n[-1])} of {int(at.pairs[-1])} in {int(at.year[-1])}"
    return Found.span(*at.slope, note=note)


@MEASURES.row("16.pacts")
def _pacts(bench: Bench) -> Found:
    return _density(bench, "ATOP, any pact", "all states")


@MEASURES.row("16.europe")
def _europe(bench: Bench) -> Found:
    return _density(bench, "ATOP, any pact", "Europe")


@MEASURES.row("16.thompson")
def _thompson(bench: Bench) -> Found:
    return _density(bench, "rivalries, Thompson", "all states")


@MEASURES.row("16.peace-data")
def _peace_data(bench: Bench) -> Found:
    return _density(bench, "rivalries, Peace Data", "all states")

"""``foedus formation``: who allies next, or which tie ends next, with the reasons; and the backtest of both."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, drawable, emit, pair, progress, say, show

if TYPE_CHECKING:
    from foedus.formation.outlook import FormationChances
    from foedus.studies.tie_scores import TieScores


_WORDS = {"form": "onset", "end": "end"}


def formation(
    source: Source, *, pair_: Annotated[str | None, Parameter(name=["--pair"])] = None, end: bool = False,
    counting: Literal["treaties", "pairs"] = "treaties", top: int = 15, draws: int = 200, seed: int = 1, json: bool = False,
) -> None:  # fmt: skip
    """Who allies next, or which tie ends next, and why.

    Parameters
    ----------
    pair_
        Every reason of one pair, such as GMY:RUS.
    end
        Ties that end, in the place of those that begin.
    counting
        treaties: one that ties m pairs counts once, chances add up to treaties; pairs: chances add up to ties.
    top
        Pairs shown; --json holds all.
    draws
        Draws of coefficients and uncertain inputs.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.formation.outlook import formation_chances

    if top < 1:
        raise bad_option("--top shows no pair", "--top 1 or more")
    system = source.read().system
    named = pair(pair_, "--pair", "two states, such as GMY:RUS") if pair_ else None
    ids = tuple(system.actor(name).id for name in named) if named else None
    found = formation_chances(
        system, what="end" if end else "form", counting=counting, data_dir=source.data_dir, draws=draws, seed=seed
    )
    if json:
        emit(found.to_dict())
        return
    if ids:
        _show_pair(found, ids[0], ids[1])
    else:
        _show_top(found, top)
    for limit in found.limits:
        say(f"  - {limit}", of=found.names)


def _what(found: FormationChances) -> str:
    """Return what the chances are of."""
    return "a defence tie begins" if found.what == "form" else "a defence tie ends"


def _interval(mean: float, low: float, high: float) -> str:
    """Return a chance with its interval, in per cent."""
    return f"{100 * mean:.2g} [{100 * low:.2g}, {100 * high:.2g}]"


def _show_top(found: FormationChances, top: int) -> None:
    """Print the likeliest pairs."""
    import polars as pl

    rows = [
        {"": str(r["rank"]), "pair": f"{r['a']} – {r['b']}", "%, a year": _interval(r["chance"], r["low"], r["high"]),
         "why, log-odds": r["why"]}
        for r in found.table().head(top).to_dicts()
    ]  # fmt: skip
    unit = "treaties" if found.counting == "treaties" else "pairs"
    e = found.expected
    done = {
        "form": f"{unit} that make ties",
        "end": "treaties whose ties end" if unit == "treaties" else "pairs whose ties end",
    }[found.what]
    show(
        f"{found.date}: chance that {_what(found)} within a year, counting {unit} [90 %]",
        pl.DataFrame(rows),
        of=found.names,
    )
    say(
        f"All {len(found.one):,} pairs at risk: {e.mean:.2f} [{e.low:.2f}, {e.high:.2f}] {done} a year. {found.draws} draws, seed {found.seed}; "
        "estimated. Reasons: against the average pair at risk here. Fits, and where they lose: docs/concepts/formation.md."
    )


def _show_pair(found: FormationChances, a: str, b: str) -> None:
    """Print one pair with every reason."""
    import polars as pl

    if a == b:
        raise bad_option(f"{a} twice in --pair", "two states, such as GMY:RUS")
    k = found.pair(a, b)
    if k is None:
        tied = "are tied" if found.what == "form" else "are not tied"
        other = (
            "with --end: the chance that their tie ends"
            if found.what == "form"
            else "without --end: the chance that one begins"
        )
        raise bad_option(f"{a} and {b} {tied} on {found.date}, or not both states of the record", f"ask {other}")
    rank = int((found.mean > found.mean[k]).sum()) + 1
    rows = [{"reason": name, "log-odds": f"{v:+.2f}", "odds": f"x {math.exp(v):.2g}"} for name, v in found.why(k)]
    say(
        f"{a} – {b}, {found.date}: {_interval(found.mean[k], found.low[k], found.high[k])} % a year [90 %] "
        f"that {_what(found)}, counting "
        f"{found.counting}; rank {rank} of {len(found.one):,}.",
        of=found.names,
    )
    show("Reasons", pl.DataFrame(rows))
    say("Reasons: against the average pair at risk in this system.")


def backtest_pacts(
    target: Literal["form", "end"], counting: Literal["pairs", "treaties"], data_dir: Path | None, draws: int, seed: int, *,
    figure: Path | None = None, on: str = "local", json: bool = False,
) -> None:  # fmt: skip
    """Run and print the backtest of pact ties."""
    from foedus.studies.tie_backtest import backtest_ties
    from foedus.studies.tie_rows import tie_rows
    from foedus.studies.tie_scores import ERAS, score_ties

    path = drawable(figure) if figure else None
    with progress("rows", quiet=json) as tell:
        rows = tie_rows(data_dir=data_dir, progress=tell)[target == "end"]
    with progress("fits", quiet=json) as tell:
        made = backtest_ties(rows, countings=(counting,), progress=tell, on=on)
    whole = score_ties(made, counting=counting, cases="1871-2015", draws=draws, seed=seed)
    eras = tuple(
        score_ties(made.since(a, b), counting=counting, cases=f"{a}-{b}", draws=draws, seed=seed) for a, b in ERAS
    )
    if path:
        from foedus.report.figures.calibration import write_calibration

        write_calibration(
            whole.bins, whole.calibration, path, what=f"{_WORDS[target]} of defence ties, {whole.cases}", note=f"counting {counting}", over="years"
        )  # fmt: skip
    if json:
        plain = {
            "target": target,
            "counting": counting,
            "draws": draws,
            "seed": seed,
            "standing": "estimated, on years not seen",
        }
        emit(plain | {"all": whole.to_dict(), "eras": [s.to_dict() for s in eras]})
        return
    _show_scores(target, whole, eras)
    if path:
        say(f"Calibration drawn: {path}")


def _show_scores(target: str, whole: TieScores, eras: tuple[TieScores, ...]) -> None:
    """Print scores, differences, calibration and eras."""
    import polars as pl

    say(
        f"{_WORDS[target]} of defence ties, counting {whole.counting}, 1871 to 2015, fits to 1870, 1875, ..., 2010: {whole.events:,} pairs in "
        f"{whole.n:,} pair-years not seen, which count {whole.happened:,.0f}; forecast {whole.forecast:,.0f}; slope of calibration {_slope(whole)}"
    )
    baselines = list(dict.fromkeys(a.baseline for a in whole.against))
    rows = [
        {"score": line.score, "model": f"{line.value:.3g} [{line.low:.3g}, {line.high:.3g}]"}
        | {f"less {b}": _gap(whole, line.score, b) for b in baselines}
        for line in whole.lines
    ]  # fmt: skip
    show(f"{whole.cases} [90 % over years; * beats]", pl.DataFrame(rows))
    rows = [
        {"years": s.cases, "came": f"{s.happened:,.0f}", "forecast": f"{s.forecast:,.0f}", "slope": _slope(s)}
        | {k.score: _short(s, k.score) for k in s.lines}
        for s in eras
    ]  # fmt: skip
    show(
        "By era; after 'not', the baselines that it does not beat: b base rate, l last year, o own rate, f field",
        pl.DataFrame(rows),
    )
    lost = len(whole.lost)
    if lost:
        say(f"The model does not beat a baseline in {lost} of {len(whole.against)} comparisons over all years.")
    else:
        say("It beats every baseline in every score over all years.")


def _slope(s: TieScores) -> str:
    """Return the slope of calibration with its interval."""
    c = s.calibration
    return "unknown" if c is None else f"{c.slope:.2f} [{c.slope_interval[0]:.2f}, {c.slope_interval[1]:.2f}]"


def _short(s: TieScores, score: str) -> str:
    """Return a score of an era, and the initials of the baselines that it does not beat."""
    value = next(line.value for line in s.lines if line.score == score)
    lost = "".join(a.baseline[0] for a in s.lost if a.score == score)
    return f"{value:.3g}" + (f" not {lost}" if lost else "")


def _gap(s: TieScores, score: str, baseline: str) -> str:
    """Return the difference to a baseline, with a star if the model beats it."""
    a = next(a for a in s.against if a.score == score and a.baseline == baseline)
    return f"{a.difference:+.2g} [{a.low:+.2g}, {a.high:+.2g}]{' *' if a.beats else ''}"

"""``foedus crisis estimate``: a game in extensive form fitted to how crises ended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, say, show

if TYPE_CHECKING:
    import polars as pl

    from foedus.estimate.estimates import Estimates


def estimate(
    formula: str, *, data: str, game: Literal["egame12", "egame122", "egame123", "ultimatum"] = "egame12", ends: str | None = None,
    link: Literal["probit", "logit"] = "probit", information: Literal["agent", "private"] = "agent",
    errors: Literal["classical", "robust", "cluster", "bootstrap"] = "classical", cluster: str | None = None, size: float | None = None,
    accepted: str | None = None, missing: Literal["raise", "drop"] = "raise", starts: int = 5, draws: int = 200, seed: int = 1,
    data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None, json: bool = False,
) -> None:  # fmt: skip
    """Fit a game in extensive form to how crises ended.

    Parameters
    ----------
    formula
        Outcome and the terms of each utility: "outcome ~ a + b - 1 | 1 | 1 | c"; 0 fixes a utility at 0. For the ultimatum game "offer ~ a | b".
    data
        A file of rows (.parquet, .csv, .dta), or a data set of the store such as leblang2003.
    game
        egame12: one challenges or not, two resists or yields (u11, u13, u14, u24). egame122: two answers both moves (u11, u12, u13, u14, u22, u24).
        egame123: three players in a row. ultimatum: an offer, taken or not.
    ends
        The outcome's values for the ends of the game from left to right, by commas; by default the numbers of the ends.
    link
        Distribution of the errors.
    information
        agent: errors at each choice; private: utilities known to their owner alone.
    errors
        What intervals rest on.
    cluster
        Column of clusters.
    size
        Of the good, in the ultimatum game.
    accepted
        Column of answers, in the ultimatum game.
    missing
        What to do with rows that lack a value.
    starts
        Places from which the likelihood is climbed.
    draws
        Of the bootstrap.
    seed
        The same seed gives the same numbers.
    data_dir
        Folder of the published data sets.
    json
        Print JSON.
    """
    rows = _rows(data, data_dir)
    if game == "ultimatum":
        from foedus.estimate.ultimatum import ultimatum

        if size is None:
            raise bad_option("the ultimatum game needs the size of the good", "--size 100")
        if errors not in ("classical", "robust"):
            raise bad_option(f"the ultimatum game has no errors {errors}", "--errors robust")
        shared = ultimatum(
            formula,
            rows,
            size=size,
            accepted=accepted,
            robust=errors == "robust",
            missing=missing,
            starts=starts,
            seed=seed,
        )
        if json:
            emit(shared.to_dict())
            return
        answers = "answers not known" if shared.accepted is None else f"{shared.accepted:,} accepted"
        say(
            f"ultimatum game for {shared.size:g}: {shared.n:,} offers, {shared.at_zero:,} of nothing, {shared.at_all:,} of all; {answers}"
        )
        _tell(
            shared,
            shared.log_likelihood,
            shared.reached,
            len(shared.starts),
            seed,
            "units of the good; scales as logarithms",
        )
        return
    from foedus.estimate.strategic import strategic

    found = strategic(formula, rows, game=game, ends=_ends(ends, rows, formula), link=link, information=information, errors=errors, cluster=cluster,
                      missing=missing, starts=starts, draws=draws, seed=seed)  # fmt: skip
    if json:
        emit(found.to_dict())
        return
    counts = ", ".join(f"{end} {n:,}" for end, n in zip(found.ends, found.counts, strict=True))
    say(
        f"{game}, {link}, {information} {'errors' if information == 'agent' else 'information'}: {found.n:,} rows ({counts})"
    )
    _tell(found, found.log_likelihood, found.reached, len(found.starts), seed, f"units of one error's {'deviation' if link == 'probit' else 'scale'}",
          found.null_log_likelihood)  # fmt: skip


def _rows(data: str, data_dir: Path | None) -> pl.DataFrame:
    """Return the rows that ``--data`` names: a file's, or a data set's."""
    from foedus.panel.read import read

    if Path(data).suffix:
        return read(data)
    from foedus.data.store import DataDir

    return DataDir.of(data_dir).table(data)


def _ends(text: str | None, rows: pl.DataFrame, formula: str) -> list[object] | None:
    """Return the values of the ends as the column holds them."""
    if text is None:
        return None
    column = formula.partition("~")[0].strip()
    named = [part.strip() for part in text.split(",")]
    if column in rows.columns and not rows[column].dtype.is_integer():
        return list(named)
    try:
        return [int(part) for part in named]
    except ValueError:
        raise bad_option(
            f"--ends takes the values of {column}, which are whole numbers; got {text}", "--ends 1,3,4"
        ) from None


def _tell(
    found: Estimates, value: float, reached: int, starts: int, seed: int, unit: str, null: float | None = None
) -> None:
    """Print coefficients, the likelihood, and how surely it is the highest."""
    import polars as pl

    than = "" if null is None else f" (shares of the ends alone {null:.4f})"
    say(
        f"  log-likelihood {value:.4f}{than}; {reached} of {starts} climbs ended there: the highest found, not proved the highest"
    )
    drawn = "" if found.resampled is None else f"; {len(found.resampled)} draws of the bootstrap"
    say(f"  estimated; starts drawn with seed {seed}{drawn}")
    show(f"Coefficients in {unit}, errors {found.errors} [95 %]", pl.DataFrame([
        {"utility of": r["part"], "term": r["term"], "estimate": f"{r['estimate']:.4f}", "std. error": f"{r['std_error']:.4f}",
         "95 %": f"[{r['low']:.3f}, {r['high']:.3f}]", "p": "<0.001" if r["p_value"] < 0.001 else f"{r['p_value']:.3f}"}
        for r in found.table().rows(named=True)
    ]))  # fmt: skip

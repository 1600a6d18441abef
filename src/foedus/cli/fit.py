"""``foedus fit``: the logit of a formula on the field's data, or on a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress, rounded, say, show, writable

if TYPE_CHECKING:
    from foedus.estimate.rare import RareEvents
    from foedus.studies.fit import Fitted

FEW = 10
"""Events a term below which maximum likelihood is known to be biased."""
Flag = Annotated[bool, Parameter(negative="")]


def fit(
    formula: str, /, *, panel: Literal["dyad-year", "state-year"] | None = None,
    from_: Annotated[int | None, Parameter(name="--from")] = None, to: int | None = None,
    directed: Flag = False, undirected: Flag = False, relevant: Flag = False, add: str = "", data: Path | None = None,
    errors: str | None = None, cluster: str | None = None, penalty: Literal["firth"] | None = None, rare: str | None = None,
    missing: Literal["drop", "raise"] = "drop", level: float = 0.95, no_differences: Flag = False, draws: int = 200, seed: int = 1,
    out: Path | None = None, cite: Flag = False, data_dir: Path | None = None, json: Flag = False,
) -> None:  # fmt: skip
    """Fit a logit to a formula and say what it was fitted on.

    The columns that the formula names are built from the field's data: foedus fit "onset ~ cinc_ratio + defense". A wrong name lists those there are;
    what each holds is printed. A row that lacks one is left out and counted.

    Parameters
    ----------
    formula
        COLUMN ~ TERM + TERM. On the left events, 0 and 1. Terms may be cubic(peace_years), ns(peace_years), lag(cinc_ratio), log(distance),
        a:b, a*b, C(a).
    panel
        Rows to build: dyad-year (default) or state-year.
    from_
        First year (default: 1816).
    to
        Last year (default: the last that all columns cover).
    directed
        Each pair in both orders.
    undirected
        Each pair once (default).
    relevant
        Politically relevant pairs only: contiguous, or one is a major power.
    add
        Further columns to build, separated by commas, as in foedus build: nmc,atop.
    data
        File to fit on instead: .parquet, .csv, .arrow, .dta (Stata) or .rds (R).
    errors
        classical, robust, cluster, dyadic, bootstrap or profile; several, separated by commas, print side by side. Default: by pair or state,
        classical where a file's columns name no unit.
    cluster
        Column of clusters; two, separated by a comma, for clusters of two kinds: pair,year.
    penalty
        firth: estimates stay finite where a term separates events from the rest.
    rare
        Corrections for rare events: bias; prior:SHARE or weights:SHARE where rows were sampled by outcome and events are SHARE of the population.
    missing
        Leave rows with missing cells out (drop), or refuse them (raise).
    level
        Coverage of intervals.
    no_differences
        Leave out first differences.
    draws
        Sets of clusters drawn anew, of bootstrap errors.
    seed
        Of the bootstrap.
    out
        File to write: .json holds everything, .csv and .parquet the table of terms.
    cite
        Print the BibTeX entries of the data that went in.
    data_dir
        Folder with the published data files (default: the folder that FOEDUS_DATA names).
    json
        Print everything as JSON.
    """
    from foedus.panel.read import read
    from foedus.panel.table_files import check_format, write_table
    from foedus.studies.fit import fit as study

    if out is not None:
        check_format(writable(out, "--out"), "--out")
    if directed and undirected:
        raise bad_option("--directed and --undirected exclude each other", "leave one out")
    built = {
        "--panel": panel,
        "--from": from_,
        "--to": to,
        "--directed": directed,
        "--relevant": relevant,
        "--add": add,
    }
    if data is not None and (asked := [name for name, value in built.items() if value]):
        raise bad_option(f"--data with {', '.join(asked)}", "a file is fitted as it is; leave the others out")
    correction = rare_events(rare)
    with progress("fit", quiet=json) as tell:
        found = study(
            formula, None if data is None else read(data), unit=panel or "dyad-year", start=from_, end=to, directed=directed, relevant=relevant,
            add=_list(add), errors=_list(errors) or None, cluster=_list(cluster) or None, penalty=penalty, rare=correction, missing=missing,  # type: ignore[arg-type]
            differences=not no_differences, level=level, draws=draws, seed=seed, data_dir=data_dir, progress=tell,
        )  # fmt: skip
    if out is not None:
        write_table(found.table(), out, "a fit", plain=rounded(found.to_dict()))
    if cite:
        say(found.cite())
    elif json:
        emit(found.to_dict())
    else:
        _tell(found)
        if out is not None:
            say(f"wrote {out}")


def rare_events(text: str | None) -> RareEvents | None:
    """Return the corrections that ``--rare`` asks for."""
    from foedus.errors import parameter
    from foedus.estimate.rare import RareEvents

    if text is None:
        return None
    kind, _, share = text.partition(":")
    try:
        return RareEvents(kind, float(share) if share else None)  # type: ignore[arg-type]
    except ValueError as error:
        raise parameter(
            "--rare", text, "bias, prior:SHARE or weights:SHARE with a share between 0 and 1, such as prior:0.004"
        ) from error


def _list(text: str | None) -> list[str]:
    """Return what is separated by commas."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _tell(found: Fitted) -> None:
    """Print a fit."""
    import polars as pl

    model = found.model
    years = "" if found.years is None else f" {found.years[0]}-{found.years[1]}"
    say(("Firth's logit of " if model.penalty else "Logit of ") + model.formula)
    say(
        f"{model.n:,} {found.rows}{years}; {model.events:,} event{'' if model.events == 1 else 's'}, {_percent(found.base_rate)} of the rows"
        + (f" (mean fitted chance {_percent(found.mean_chance)})" if model.penalty or model.rare else "")
    )
    if left := found.given - model.n:
        say(f"Left out: {left:,} of {found.given:,} rows. " + "; ".join(map(str, found.left_out)) + ".")
    for line in (*_corrections(found), *_cautions(found)):
        say(line)
    rows = []
    for r in found.table().to_dicts():
        others = {f"{k} error": _number(r[f"std_error_{k}"]) for k in model.covariances if k != model.errors}
        ends = f"{_number(r['low'])} to {_number(r['high'])}"
        row = {"term": r["term"], "estimate": _number(r["estimate"]), "std error": _number(r["std_error"])} | others
        row |= {"p": _p(r["p_value"]), f"{100 * found.level:g} %": ends}
        rows.append(row if len(others) > 1 else row | {"odds ratio": _odds(r)})
    show(f"Log-odds of an event; standard errors: {_errors(found)}", pl.DataFrame(rows), rows=200)
    say(
        f"log-likelihood {model.log_likelihood:,.2f} (of the base rate alone {model.null_log_likelihood:,.2f}); AIC {found.aic:,.1f}; "
        f"McFadden's pseudo-R2 {found.pseudo_r2:.4f}"
    )
    if found.changes:
        _tell_changes(found)
    for u in found.used:
        years = f", {u.first_year}-{u.last_year}" if u.first_year is not None else ""
        say(f"  {u.column}: {u.what}" + (f" [{f'{u.source} {u.version}'.strip()}{years}]" if u.source else ""))


def _tell_changes(found: Fitted) -> None:
    """Print first differences."""
    import polars as pl

    rows = []
    for c in found.changes:
        before, after = _number(100 * c.p_before), _number(100 * c.p_after)
        gap = f"{_signed(100 * c.difference)} [{_signed(100 * c.low)}, {_signed(100 * c.high)}]"
        rows.append(
            {"variable": c.variable, "from": _value(c.before), "to": _value(c.after), "chance at each, %": f"{before}, {after}", "points": gap}
        )  # fmt: skip
    note = (
        "From and to: the lower and the upper quartile, or 0 and 1 (tenths or ends where quartiles coincide; the commonest category and another). "
        "The mean over the rows with one variable set, all others as they are: what the model says, not what a change would do."
    )
    show(f"First differences [{100 * found.level:g} %]", pl.DataFrame(rows), rows=200, note=note)


def _cautions(found: Fitted) -> list[str]:
    """Return what a reader should mind."""
    rarer, terms = min(found.model.counts), len(found.model.terms)
    if rarer >= FEW * terms or found.model.penalty or found.model.rare:
        return []
    return [
        f"Few events: {rarer} of the rarer kind for {terms} terms; --penalty firth or --rare bias take out the bias that leaves."
    ]


def _corrections(found: Fitted) -> list[str]:
    """Return what was penalised or corrected, in words."""
    rare = found.model.rare
    if rare is None:
        return (
            ["Penalised by Jeffreys' prior; chances lean to one half by about half an event a term."]
            if found.model.penalty
            else []
        )
    kinds = {"bias": "", "prior": "the constant by prior correction", "weights": "by weights of events and others"}
    parts = [kinds[rare.kind]] if kinds[rare.kind] else []
    parts += ["coefficients for the bias of few events"] if rare.debias and not found.model.penalty else []
    share = f", events are {_percent(rare.population)} of the population" if rare.population is not None else ""
    return [f"Corrected for rare events: {' and '.join(parts)}{share}. Log-likelihoods are those before."]


def _errors(found: Fitted) -> str:
    """Return the kind of errors in words."""
    words = {
        "classical": "classical", "robust": "robust to variance", "dyadic": "pairs that share a member go together",
        "profile": "classical, intervals and p by the profile of the likelihood",
    }  # fmt: skip
    kind = found.model.errors
    by = " and ".join(found.clusters)
    if kind == "cluster":
        many = f" ({found.model.clusters:,})" if len(found.clusters) == 1 and found.model.clusters else ""
        return f"by cluster: {by}{many}"
    if kind == "bootstrap" and found.model.resampled is not None:
        return f"bootstrap of {by or 'rows'}, {len(found.model.resampled)} sets, seed {found.seed}"
    return words[kind]


def _odds(row: dict[str, Any]) -> str:
    """Return an odds ratio with its interval; none of the constant, nor of a column that means nothing alone."""
    term = row["term"]
    if (
        term == "intercept"
        or (term.endswith("]") and "[T." not in term)
        or row["odds_high"] is None
        or row["odds_low"] is None
    ):
        return ""
    return f"{row['odds_ratio']:.3g} [{row['odds_low']:.3g}, {row['odds_high']:.3g}]"


def _number(value: float) -> str:
    """Return four significant digits, without an exponent where that is shorter."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e9 else f"{value:.4g}"


def _signed(value: float) -> str:
    """Return three significant digits and the sign."""
    return f"{value:+.3g}"


def _percent(share: float) -> str:
    """Return a share as per cent with three significant digits."""
    return f"{100 * share:.3g} %"


def _p(value: float) -> str:
    """Return a p value."""
    return "<0.0001" if value < 1e-4 else f"{value:.4f}"


def _value(value: Any) -> str:
    """Return a value of a variable."""
    return _number(value) if isinstance(value, float) else str(value)

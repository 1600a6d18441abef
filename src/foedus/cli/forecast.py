"""``foedus forecast`` and ``foedus scoreboard``: what the next years may bring, written down before, scored after."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, emit, progress, say, show, workers_or_default

if TYPE_CHECKING:
    from foedus.studies.forecast import Forecast
    from foedus.studies.scoreboard import Entry, Scoreboard

TITLES = {
    "pact forms": "are allied by then, and are not now", "pact ends": "are allied now, and no more by then",
    "pact called on": "are allied now, and one of whom is attacked in a war, not by the other",
    "pact kept": "are allied now, and one of whom comes to the other's side when it is attacked",
    "dispute": "begin a dispute with each other", "war": "meet in a war", "enters a war": "enter a war that others began",
}  # fmt: skip


def forecast(
    source: Source, *, years: int = 5, draws: int = 2_000, top: int = 8, board: Path | None = None, out: Path | None = None, seed: int = 1,
    workers: Annotated[int | None, Parameter(name=["--workers", "--threads"])] = None, json: bool = False,
) -> None:  # fmt: skip
    """Forecast pacts, disputes and wars of every pair for the years after a system's date.

    Parameters
    ----------
    years
        Years ahead, 1 to 5.
    draws
        Futures that are simulated.
    top
        Pairs to print of each kind.
    board
        Write the forecast into this scoreboard (.jsonl): from then on it cannot be changed unseen.
    out
        Write all pairs into a .parquet or .csv file.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.panel.table_files import TABLES, check_format, write_table
    from foedus.studies.forecast import forecast as make

    if out is not None:
        check_format(out, "out", TABLES)
    with progress("futures") as tell:
        made = make(
            source.read().system,
            years=years,
            draws=draws,
            seed=seed,
            workers=workers_or_default(workers),
            data_dir=source.data_dir,
            progress=tell,
        )
    entry = None if board is None else _issue(made, board)
    if out is not None:
        write_table(made.pairs, out, "the forecast")
    if json:
        emit(made.to_dict() | ({} if entry is None else {"board": {"line": entry.line, "hash": entry.hash}}))
        return
    _show(made, top)
    if entry is not None:
        say(
            f"written as line {entry.line} of {board}, checksum {entry.hash}: publish it, and nobody can say the forecast was made later"
        )


def _issue(made: Forecast, board: Path) -> Entry:
    """Write a forecast into a scoreboard."""
    from foedus import __version__
    from foedus.studies.scoreboard import Scoreboard

    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    body = {"id": made.id, "issued": now, "foedus": __version__} | made.about
    return Scoreboard(board).add("forecast", body, made.rows())


def _show(made: Forecast, top: int) -> None:
    """Print the likeliest pairs, and the numbers a year."""
    import polars as pl

    from foedus.estimate.nested import Estimate

    about, years = made.about, made.evolution.years
    sample = (
        "in sample: coefficients were fitted on years that include these" if about["in_sample"] else "out of sample"
    )
    say(
        f"Forecast {made.id} of {years} year{'' if years == 1 else 's'} from {about['date']}: simulated, "
        f"{about['draws']:,} futures, seed {about['seed']}; {sample}"
    )
    name = {a.id: a.name for a in made.evolution.system.actors}
    for target, text in TITLES.items():
        found = made.table(target, top=top)
        rows = [
            {"a": name[r["a"]], "b": name[r["b"]], "chance [90 %]": chance(Estimate(r["p"], r["low"], r["high"], 0.0)),
             "rate before": _percent(r["p_base"]), "by their last": _percent(r["p_last"])}
            for r in found.rows(named=True)
        ]  # fmt: skip
        who = "States" if target == "enters a war" else "Pairs"
        if who == "States":
            rows = [{k: v for k, v in r.items() if k != "b"} for r in rows]
        show(
            f"{who} that {text}, likeliest first, by the end of year {years}",
            pl.DataFrame(rows),
            of=made.evolution.system,
        )
    say("Rate before: as often as all pairs (or states) at risk in the ten years before. By their last: as often as those that, like this one, "
        "did or did not have such an event in the last five years.")  # fmt: skip
    rows = []
    for (target,), some in made.counts.group_by("target", maintain_order=True):
        draws = some.sort("horizon")["draws"].to_list()
        low, high = (sorted(d)[int(q * (len(d) - 1))] for d, q in ((draws[-1], 0.05), (draws[-1], 0.95)))
        before = some["before"][0].to_list()
        mean = sum(map(sum, draws)) / sum(map(len, draws))
        rows.append({"number a year": target, "mean of all years": f"{mean:.1f}", "last year, 90 %": f"{low} to {high}",
                     "ten years before": f"{sum(before) / len(before):.1f} ({min(before)} to {max(before)})"})  # fmt: skip
    show("Pacts that form and end (pairs), disputes and wars that begin", pl.DataFrame(rows))


def _percent(p: float) -> str:
    """Return a chance in words, two figures of it."""
    return f"{100 * p:.2g} %"


def scoreboard(
    board: Path, *, score: bool = False, check: bool = False, data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None,
    json: bool = False,
) -> None:  # fmt: skip
    """List the forecasts of a scoreboard; score those whose years are on record.

    Parameters
    ----------
    board
        A file that --board of foedus forecast has written.
    score
        Score what can be scored by the data at hand, and add the scores to the file.
    check
        Only say whether the file is as it was written; exit 1 if it is not.
    data_dir
        Folder of the published data sets.
    json
        Print JSON.
    """
    from foedus.studies.scoreboard import Scoreboard

    if not board.is_file():
        raise bad_option(f"no such scoreboard: {board}", "foedus forecast --in 2010 --board FILE.jsonl begins one")
    file = Scoreboard(board)
    if check:
        _check(file, json=json)
        return
    if score:
        _score(file, data_dir)
    entries = file.entries()
    if json:
        emit({"entries": [{"line": e.line, "kind": e.kind, "hash": e.hash} | e.body for e in entries]})
        return
    _list(entries)


def _check(file: Scoreboard, *, json: bool) -> None:
    """Print what is wrong with a file, and leave with 1 if anything is."""
    problems = file.check()
    if json:
        emit({"problems": [{"where": p.path, "what": p.message, "hint": p.hint} for p in problems]})
    else:
        for p in problems:
            say(str(p))
        if not problems:
            say(f"{file.path}: {len(file.entries())} lines, each as it was written")
    if problems:
        raise SystemExit(1)


def _score(file: Scoreboard, data_dir: Path | None) -> None:
    """Score every forecast with the data at hand, unless the same data have scored it before."""
    from foedus.data.store import DataDir
    from foedus.studies.forecast_record import happened
    from foedus.studies.forecast_scores import score_forecast

    entries = file.entries()
    record = happened(DataDir.of(data_dir))
    done = {(e.body["of"], str(sorted(e.body["data"].items()))) for e in entries if e.kind == "score"}
    for e in entries:
        if e.kind != "forecast" or (e.body["id"], str(sorted(record.versions.items()))) in done:
            continue
        found = score_forecast(file.rows(e), dt.date.fromisoformat(e.body["date"]), record)
        if found.pairs.height or found.counts.height:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            file.add("score", {"of": e.body["id"], "scored": now, "data": record.versions} | found.to_dict())


def _list(entries: list[Entry]) -> None:
    """Print forecasts and their latest scores."""
    import polars as pl

    latest: dict[str, dict[str, Any]] = {e.body["of"]: e.body for e in entries if e.kind == "score"}
    made = [e.body for e in entries if e.kind == "forecast"]
    show(f"{len(made)} forecasts", pl.DataFrame([
        {"id": b["id"], "issued": b["issued"][:10], "from": b["date"], "years": b["years"], "in sample": "yes" if b["in_sample"] else "no",
         "scored": latest[b["id"]]["scored"][:10] if b["id"] in latest else "not yet"} for b in made
    ]))  # fmt: skip
    for b in made:
        if b["id"] in latest:
            _show_scores(b["id"], latest[b["id"]])


def _show_scores(name: str, body: dict[str, Any]) -> None:
    """Print the scores of one forecast, first and last year."""
    import polars as pl

    last = max((r["horizon"] for r in body["pairs"]), default=0)

    def of(rows: list[dict[str, Any]], r: dict[str, Any], by: str, key: str) -> str:
        value = next(x[key] for x in rows if (x["target"], x["horizon"], x["by"]) == (r["target"], r["horizon"], by))
        return "" if value is None else f"{value:.4f}"

    pairs = [r for r in body["pairs"] if r["by"] == "model" and r["horizon"] in (1, last)]
    show(f"{name}: log score (less is better) and area under precision-recall (PR) of pairs, in brackets of the baselines", pl.DataFrame([
        {"target": r["target"], "in": r["horizon"], "came": f"{r['events']:,} / {r['n']:,}", "log": of(body["pairs"], r, "model", "log"),
         "(rate": of(body["pairs"], r, "rate before", "log"), "last)": of(body["pairs"], r, "rate by last", "log"),
         "PR": of(body["pairs"], r, "model", "precision"), "(last)": of(body["pairs"], r, "rate by last", "precision")} for r in pairs
    ]))  # fmt: skip
    counts = [r for r in body["counts"] if r["by"] == "model" and r["horizon"] in (1, last)]
    other = "ten years before"
    show(f"{name}: numbers a year, less is better; in brackets the ten years before", pl.DataFrame([
        {"number": r["target"], "year": r["horizon"], "came": r["came"],
         **{k: f"{r[k]:.2f} ({float(of(body['counts'], r, other, k)):.2f})" for k in ("crps", "ignorance", "interval")}} for r in counts
    ]))  # fmt: skip

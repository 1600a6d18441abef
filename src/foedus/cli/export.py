"""``foedus export``: a system or a result as a file of another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, pair, progress, say, tie_table, workers_or_default, writable

if TYPE_CHECKING:
    from foedus.system.system import System


def export(
    source: Source, *, out: Annotated[Path, Parameter(name=["--out", "-o"])], of: str = "signed", step: int = 1, draws: int = 2000, seed: int = 1,
    workers: int | None = None, force: bool = False,
) -> None:  # fmt: skip
    """Write a system or a result for another program; the ending of the file says which.

    Parameters
    ----------
    out
        File to write: .graphml, .gexf, .net (Pajek), .csv, .feather, .arrow or .parquet; .nc or .nc4 for draws; .efg (Gambit) for a crisis.
    of
        signed (one sign a pair), facts (each pledge and tie with its days), actors, matrix; blocs, war:A:B or crisis:A:B for a result.
    step
        Years between the dates of a range: --in 1816:2016 gives one dynamic .gexf, or one table of facts by date.
    draws
        Draws behind the intervals, of a result or of signed ties.
    seed
        The same seed gives the same numbers.
    workers
        Threads of a war.
    force
        Overwrite.
    """
    from foedus.blocs.years import is_span
    from foedus.errors import parameter
    from foedus.report.interchange.export import check_ending
    from foedus.report.interchange.export import export as write

    check_ending(writable(out, "--out"), "--out")
    if out.exists() and not force:
        raise parameter("--out", str(out), "a file that does not exist yet", "pass --force to overwrite it")
    what = (
        _walk(source, of, step)
        if is_span(source.in_)
        else _result(source, of, draws, seed, workers_or_default(workers))
    )
    for path in write(what, out, of=of, draws=draws, seed=seed, table=tie_table(source.tie_table)):
        say(f"wrote {path}: {path.stat().st_size:,} bytes")
    say("It carries names, numbers and the terms of its sources: pass it on only under them.")


def _walk(source: Source, of: str, step: int) -> list[System]:
    """Return the systems of a range of dates."""
    from foedus.blocs.years import dates_of
    from foedus.system.from_tables import over_dates

    if of not in {"signed", "facts"} or any((source.date, source.actors, source.tie_table, source.without)):
        raise bad_option(
            "A range of dates is written as facts of the whole system", "foedus export --in 1816:2016 --out all.gexf"
        )
    days, out = dates_of(source.in_, step), []
    with progress("dates") as tell:
        for system in over_dates(days, source.data_dir):
            out.append(system)
            tell(len(out) / len(days))
    return out


def _result(source: Source, of: str, draws: int, seed: int, workers: int) -> Any:
    """Return what is to be written of one system."""
    from foedus.report.interchange.tables import WORDS

    word, _, rest = of.partition(":")
    if word not in {*WORDS, "blocs", "war", "crisis"} or bool(rest) != (word in {"war", "crisis"}):
        raise bad_option(f"--of takes {', '.join(WORDS)}, blocs, war:A:B or crisis:A:B, got {of}", "--of war:AUH:SER")
    system, table = source.read().system, tie_table(source.tie_table)
    if word == "blocs":
        return system.blocs(draws=draws, seed=seed, table=table)
    if word == "war":
        return system.war(*pair(rest, "--of"), draws=draws, seed=seed, workers=workers, table=table)
    if word == "crisis":
        from foedus.security.interaction import crisis

        return crisis(system, *pair(rest, "--of"), draws=max(2, min(draws, 200)), seed=seed)
    return system

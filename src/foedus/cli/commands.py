"""The analysis commands: one function each, its signature is the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, pair, progress, say, show, workers_or_default, writable
from foedus.cli.common import tie_table as read_table
from foedus.studies.meant import Meant, resolve, without_layers
from foedus.studies.meant import what_if as understood


@Parameter(name="*")
@dataclass(frozen=True)
class Source:
    """Which system.

    Parameters
    ----------
    in_
        A bundled scenario, a TOML file, a year or a date.
    data_dir
        Folder with the published data files, for real years and dates (default: the folder that FOEDUS_DATA names).
    date
        Date to which a scenario is taken (its dated events before that day are applied).
    actors
        Only these states of a real year, separated by commas.
    tie_table
        Your own table of reasons, strengths and weights.
    without
        Layers to switch off, separated by commas: guarantee, alignment, intervention.
    """

    in_: Annotated[str, Parameter(name=["--in"])]
    data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None
    date: str | None = None
    actors: str | None = None
    tie_table: Annotated[Path | None, Parameter(name=["--tie-table"])] = None
    without: str | None = None

    def read(self) -> Meant:
        """Return the system that is meant, less the layers that are switched off."""
        meant = resolve(
            self.in_, data_dir=self.data_dir, date=self.date, actors=self.actors, table=read_table(self.tie_table)
        )
        return without_layers(meant, self.without)


def brief(
    source: Source,
    *,
    flashpoint: str | None = None,
    what_if: str | None = None,
    html: Path | None = None,
    draws: int = 10_000,
    seed: int = 1,
    workers: int | None = None,
    json: bool = False,
) -> None:
    """Everything about one system.

    Parameters
    ----------
    flashpoint
        First shot, ATTACKER:TARGET (default: the scenario's first of two without a treaty with each other, or the likeliest pair).
    what_if
        A what-if of the scenario, or an edit: void:PACT, remove:ACTOR, weaken:ACTOR:FACTOR, strengthen:ACTOR:FACTOR, withdraw:ACTOR, drop:alignment.
    html
        Where to write the HTML brief (default: foedus-brief-SYSTEM.html here).
    draws
        Simulated wars.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    json
        Print everything as JSON instead of text; no files are written.
    """
    from foedus.studies.brief import investigate

    table = read_table(source.tie_table)
    meant = source.read()
    path = writable(html or Path(f"foedus-brief-{meant.system.id}.html"), "--html", makes_folder=True)
    shot = pair(flashpoint, "--flashpoint") if flashpoint else None
    edited = understood(what_if, meant, source.date) if what_if else None
    with progress("brief", quiet=json) as tell:
        findings = investigate(
            meant.system,
            flashpoint=shot,
            edited=edited,
            draws=draws,
            seed=seed,
            workers=workers_or_default(workers),
            table=table,
            progress=tell,
        )
    if json:
        if html is not None:
            raise bad_option(
                "--json and --html do not go together", "run twice, or take findings.json beside the HTML file"
            )
        emit(findings.to_dict())
        return
    from foedus.report.export import write_brief
    from foedus.report.terminal import print_brief
    from foedus.terminal import console

    written = write_brief(findings, path)
    print_brief(findings, console())
    say(f"\nHTML: {path}\nTables: {written[-1].parent}")
    say(
        f"Next: foedus blocs --in {source.in_} --why {findings.blocs.doubtful[0] if findings.blocs.doubtful else meant.system.ids[0]}"
    )


def bound(
    attacker: str, target: str, source: Source, *, after: str | None = None, where: str | None = None, json: bool = False
) -> None:  # fmt: skip
    """Who is bound by an attack.

    Parameters
    ----------
    attacker
        Who attacks.
    target
        Who is attacked.
    after
        Attacks earlier in the same war, in order, ATTACKER:TARGET separated by commas: who struck first decides whether unprovoked-attack clauses
        hold.
    where
        Region where the attack falls, if not on the target's home: clauses on the place are judged by it (a colony).
    json
        Print JSON.
    """
    from foedus.cli.bound_rows import show
    from foedus.obligations.bound import bound as verdicts

    system = source.read().system
    prior = [pair(p.strip(), "--after") for p in after.split(",")] if after else []
    result = verdicts(system, attacker, target, prior=prior, where=where)
    if json:
        emit(result.to_dict())
        return
    a, b = system.actor(result.attacker), system.actor(result.target)
    say(
        f"{a.name} ({a.id}{_code(a.cow)}) attacks {b.name} ({b.id}{_code(b.cow)}), pledges in force at the start of {system.date}"
    )
    if not result.rows:
        say("No pledge to either side is on record: nobody is bound.")
        return
    show(result)


def _code(cow: int | None) -> str:
    """Return a COW code for display."""
    return f", COW {cow}" if cow is not None else ""


def compare(
    first: str, second: str | None = None, *, of: Literal["war", "blocs", "security"] = "war", what_if: str | None = None,
    flashpoint: str | None = None, actor: str | None = None,
    data_dir: Path | None = None, date: str | None = None, tie_table: Annotated[Path | None, Parameter(name=["--tie-table"])] = None,
    draws: int = 10_000, seed: int = 1, workers: int | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Show what changes from one system to another.

    Parameters
    ----------
    first
        A bundled scenario, a TOML file, a year or a date.
    second
        Another one, unless --what-if is given.
    of
        war, blocs or security.
    what_if
        Compare with an edit of the first instead, as in `foedus brief`.
    flashpoint
        First shot of a war, ATTACKER:TARGET (default: the first system's first flashpoint of two without a treaty with each other that both systems
        have, or its likeliest pair; the output says which).
    actor
        Whose security.
    data_dir
        Folder with the published data files.
    date
        Date to which scenarios are taken.
    tie_table
        Your own table of reasons, strengths and weights.
    draws
        Simulated wars, or draws.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.scenario.compare import compare as run
    from foedus.studies.first_shot import shot_of_both

    for option, given, needed in (("--flashpoint", flashpoint, "war"), ("--actor", actor, "security")):
        if given and of != needed:
            raise bad_option(f"{option} goes with --of {needed}, got --of {of}", f"--of {needed} {option} {given}")
    if (second is None) == (what_if is None):
        raise bad_option(
            "compare needs a second system or --what-if, and not both",
            "foedus compare europe-1914 --what-if no-franco-russian-alliance",
        )
    table = read_table(tie_table)
    meant = resolve(first, data_dir=data_dir, date=date, table=table)
    if what_if is not None:
        edited = understood(what_if, meant, date)
        base, other, title = edited.base, edited.other, f"{edited.title} ({'; '.join(edited.edits)})"
    else:
        base, title = meant.system, f"{first} to {second}"
        other = resolve(str(second), data_dir=data_dir, date=date, table=table).system
    named = pair(flashpoint, "--flashpoint") if flashpoint else None
    shot = shot_of_both(base, other, named, seed=seed, table=table) if of == "war" else (None, None, "")
    with progress("compare", quiet=json) as tell:
        result = run(base, other, of=of, attacker=shot[0], target=shot[1], actor=actor, draws=draws, seed=seed,
                     workers=workers_or_default(workers), table=table, progress=tell)  # fmt: skip
    if json:
        emit(result.to_dict() | {"title": title} | ({"flashpoint": list(shot)} if of == "war" else {}))
        return
    say(f"{title}: {of}, {result.draws} draws, seed {seed}", of=base)
    if of == "war":
        say(
            f"First shot: {shot[0]} attacks {shot[1]} ({shot[2].rstrip('.')}{'' if flashpoint else '; --flashpoint names another'})",
            of=base,
        )
    show("Second less first", result.table(), rows=30, note=result.note, of=base)


def who(
    *words: str, disagreements: Annotated[bool, Parameter(negative="")] = False,
    in_: Annotated[int | None, Parameter(name="--in")] = None, data_dir: Path | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Which state a name means on a date, in each code scheme; or where the lists of states disagree.

    Parameters
    ----------
    words
        A name, abbreviation or code (cow:345, gw:340, iso:SRB, vdem:198, ucdp:345), then a date, or a year, which means 1 January.
    disagreements
        Print where the lists of the Correlates of War and of Gleditsch and Ward disagree, and why.
    in_
        With --disagreements, only those that bear on this year.
    data_dir
        Folder with the published data files.
    json
        Print JSON.
    """
    if disagreements:
        if words:
            raise bad_option("--disagreements takes no name", "foedus who --disagreements --in 1914")
        _show_disagreements(in_, data_dir, json=json)
        return
    if len(words) < 2:
        raise bad_option("who needs a name and a date", "foedus who PRUSSIA 1860, or foedus who --disagreements")
    from foedus.data.dates import parse_date
    from foedus.data.states import who as find

    name, day = " ".join(words[:-1]), parse_date(words[-1])
    matches = find(name, day, data_dir)
    if json:
        emit({"query": name, "date": str(day), "matches": [m.to_dict() for m in matches]})
        return
    for match in matches:
        say(str(match))
        if match.note:
            say(match.note)


def _show_disagreements(year: int | None, data_dir: Path | None, *, json: bool) -> None:
    """Print where the lists of states disagree."""
    import polars as pl

    from foedus.data.disagreements import disagreements

    found = disagreements(year, data_dir=data_dir)
    if json:
        emit({"year": year, "disagreements": found.to_dicts()})
        return
    code = pl.concat_str(
        pl.col("ccode").cast(pl.String).fill_null("-"), pl.col("gwcode").cast(pl.String).fill_null("-"), separator=" / "
    ).alias("cow / gw")
    days = pl.concat_str("cow", "gw", separator=" / ")
    years = pl.concat_str("first_year", "last_year", separator="-")
    when = pl.when(pl.col("cow").is_not_null()).then(days).otherwise(years).alias("when")
    kept = found.select(pl.col("kind").str.replace("_", " "), "name", code, when, "reason")
    show(f"{found.height} disagreements between the lists of states", kept, rows=400)

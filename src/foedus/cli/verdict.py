"""``foedus verdict``: claims answered on every coding at hand, and one word for all of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, placed, progress, say, show, workers_or_default, writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.studies.verdict import Cell, Verdict

Folder = Annotated[Path | None, Parameter(name=["--data-dir"])]
OPTIONS = 3
"""Options of a choice that are told from each end."""


def verdict(
    *claims: str, list_: Annotated[bool, Parameter(name="--list", negative="")] = False, cells: Path | None = None, null: float | None = None,
    yes: Literal["higher", "lower"] | None = None, thorough: Annotated[bool, Parameter(negative="")] = False, data_dir: Folder = None,
    save: Path | None = None, figure: Path | None = None, seed: int = 1, workers: int | None = None, on: str | None = None,
    json: bool = False,
) -> None:  # fmt: skip
    """Answer claims on every coding at hand.

    Parameters
    ----------
    claims
        A to J, a part such as D.1, or all.
    list_
        Show the claims, their parts and choices, and run nothing.
    cells
        Judge the cells of your own table instead: a CSV file with columns estimate, low and high; every other column is a choice.
    null
        With --cells, the value that says neither (default 0).
    yes
        With --cells, the side of it that says yes (default higher).
    thorough
        More draws and more cells.
    data_dir
        Folder with the published data files.
    save
        Folder that keeps cells: a stopped run goes on from there.
    figure
        Write the curve of all cells: .svg, .png or .html.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    on
        Where to run it instead: local, processes:N or dask://HOST:PORT.
    json
        Print JSON.
    """
    from foedus.report.figures.verdict import check, write

    if figure is not None:
        check(writable(figure, "--figure"))
    if list_:
        _list(claims, json=json)
        return
    if cells is not None:
        found = (_own(cells, claims, 0.0 if null is None else null, yes or "higher"),)
    elif null is not None or yes is not None:
        raise bad_option("--null and --yes belong to --cells", "foedus verdict --cells cells.csv --null 0 --yes higher")
    else:
        found = _run(claims, data_dir, save, seed, workers, on, thorough=thorough, json=json)
    if figure is not None:
        write(found, figure)
    if json:
        emit({"verdicts": [v.to_dict() for v in found]})
        return
    for v in found:
        _show(v)
    if len(found) > 1:
        _summary(found)
    say(
        "A majority of cells is no probability: they share their data, and nobody drew the choices by lot (docs: verdicts)."
    )


def _run(
    claims: Sequence[str], data_dir: Path | None, save: Path | None, seed: int, workers: int | None, on: str | None, *, thorough: bool,
    json: bool,
) -> tuple[Verdict, ...]:  # fmt: skip
    """Return the verdicts, or stop."""
    from foedus.studies.verdict_claims import CLAIMS, parts_of
    from foedus.studies.verdict_claims import verdict as run

    if not claims:
        raise bad_option(
            f"verdict takes a claim ({', '.join(CLAIMS)}), a part of one, or all",
            "foedus verdict D, or foedus verdict --list",
        )
    parts_of(claims)
    try:
        with progress("cells", quiet=json) as tell:
            return run(
                *claims,
                data_dir=data_dir,
                thorough=thorough,
                seed=seed,
                workers=workers_or_default(workers),
                on=None if on is None else placed(on, workers),
                save=save,
                progress=tell,
            )
    except KeyboardInterrupt:
        kept = (
            f"; the same command goes on from what {save} holds"
            if save
            else "; with --save DIR the same command would go on"
        )
        sys.stderr.write(f"stopped{kept}\n")
        sys.exit(130)


def _list(claims: Sequence[str], *, json: bool) -> None:
    """Print the register."""
    from foedus.studies.verdict_claims import CLAIMS, PARTS, parts_of

    chosen = parts_of(claims or ["all"])
    if json:
        emit({"claims": CLAIMS, "parts": [
            {"id": p.question.id, "question": p.question.text, "quantity": p.question.quantity, "null": p.question.null, "yes_if": p.question.yes,
             "primary": dict(p.question.primary), "choices": {k: list(v) for k, v in p.choices.items()}, "sources": list(p.sources)} for p in chosen
        ]})  # fmt: skip
        return
    for letter in dict.fromkeys(p.question.id.partition(".")[0] for p in chosen):
        say(f"{letter}  {CLAIMS[letter]}")
        for p in chosen:
            if p.question.id.startswith(f"{letter}."):
                q = p.question
                say(f"   {q.id}  {q.text}\n        {q.quantity}; yes if {q.yes} than {q.null:g}")
                for name, options in p.choices.items():
                    say(f"        {name}: {'; '.join(options)}")
    none = [k for k in CLAIMS if not any(p.question.id.startswith(f"{k}.") for p in PARTS)]
    if none:
        say(f"Not run yet: {', '.join(none)}.")


def _own(path: Path, claims: Sequence[str], null: float, yes: Literal["higher", "lower"]) -> Verdict:
    """Return the verdict on a user's table."""
    from foedus.studies.verdict import Question, judge
    from foedus.studies.verdict_run import read_cells

    if claims:
        raise bad_option("--cells takes no claim", "foedus verdict --cells cells.csv")
    return judge(read_cells(path), Question("own", f"The cells of {path.name}", "estimate", null, yes))


def _show(v: Verdict) -> None:
    """Print one verdict."""
    q = v.question
    say(f"\n{q.id}  {q.text}")
    say(f"  {_plainly(v)}")
    counts = f"{v.yes} of {len(v.known)} cells say yes, {v.no} no, {v.open} are open" + (
        f"; {len(v.missing)} are not at hand" if v.missing else ""
    )
    say(f"  {_word(v)}: {counts}; yes if {q.yes} than {q.null:g}.")
    say(f"  Quantity: {q.quantity} ({q.standing}; 90 % intervals; seed {v.seed}{', thorough' if v.thorough else ''}).")
    if v.median is not None:
        say(f"  Estimates: median {_number(v.median)}, from {_number(v.least)} to {_number(v.most)}.")
    if q.primary:
        told = _cell(v, v.primary) if v.primary else "not at hand"
        say(f"  Primary cell: {told}")
    if v.effects:
        _movers(v)
    if v.contrary is not None:
        say(f"  Speaks most against: {_cell(v, v.contrary)}")
    if len(v.known) > 1:
        fewest = v.word == "flips" and min(v.yes, v.no) <= len(v.known) / 20
        said = " The lesser side holds no more than that: flips may be read as mixed." if fewest else ""
        say(
            f"  By noise alone about {len(v.known) / 20:.0f} of {len(v.known)} cells would stand on each side, were they independent.{said}"
        )
    for name, text in (("Evidence against", q.against), ("The data cannot say", q.silent)):
        if text:
            say(f"  {name}: {text}")
    if q.own:
        say(f"  Your own case: {q.own}")
    for why in dict.fromkeys(c.missing for c in v.missing):
        say(f"  {sum(c.missing == why for c in v.missing)} cells, {why}.")
    if v.versions:
        say(f"  Data: {'; '.join(f'{k} {x}' for k, x in v.versions.items())}.")


def _plainly(v: Verdict) -> str:
    """Return the answer in a sentence, before any word of the rule."""
    some = len(v.known)
    if v.word == "no word":
        return "Cannot tell: fewer than two ways to compute it are at hand."
    if v.word == "agree":
        clear = v.yes if v.side == "yes" else v.no
        rest = f", in the other {v.open} the interval holds {v.question.null:g}: cannot tell" if v.open else ""
        return f"{v.side.capitalize()}, in {clear} of {some} ways to compute it (cells){rest}."
    if v.word == "flips":
        rest = f" in {v.open} the interval holds {v.question.null:g}: cannot tell." if v.open else ""
        return (
            f"It turns on how one computes it: of {some} ways (cells) {v.yes} say yes and {v.no} no;{rest}".removesuffix(
                ";"
            )
            + ("" if rest else ".")
        )
    return f"Cannot tell: in {v.open} of {some} ways to compute it (cells) the interval holds {v.question.null:g}; {v.yes} say yes, {v.no} no."


def _movers(v: Verdict) -> None:
    """Print which choices move the estimates, and whose change turns answers."""
    import polars as pl

    rows = [
        {"choice": e.choice, "of variance": "none" if e.share != e.share else f"{100 * e.share:.0f} %",
         "pairs of cells": f"{e.turns.pairs}: {e.turns.changed} / {e.turns.flipped}" if e.turns.pairs else "none",
         "mean estimate by option": ", ".join(f"{o} {_number(m)}" for o, m in _ends(e.options))} for e in v.effects
    ]  # fmt: skip
    left = "" if v.joint != v.joint else f"; no sum of these takes {100 * v.joint:.0f} %"
    note = (
        f"  of variance: what the choice takes by itself{left}. pairs of cells: those that differ in it alone, and how many change their answer / "
        "turn from yes to no."
    )
    show(f"  Which choice moves it ({v.effects[0].choice} most)", pl.DataFrame(rows), note=note)


def _ends(options: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the options in ascending order of their means, of many only the first and last few."""
    ordered = sorted(options, key=lambda o: o[1])
    return ordered if len(ordered) <= 2 * OPTIONS else [*ordered[:OPTIONS], *ordered[-OPTIONS:]]


def _summary(found: Sequence[Verdict]) -> None:
    """Print one row a part."""
    import polars as pl

    rows = [
        {"part": v.question.id, "question": v.question.text, "answer": _word(v), "yes / no / open": f"{v.yes} / {v.no} / {v.open}",
         "moved most by": v.effects[0].choice if v.effects else ""} for v in found
    ]  # fmt: skip
    show("Verdicts", pl.DataFrame(rows))


def _word(v: Verdict) -> str:
    """Return the word, with its side where there is one."""
    if v.word == "no word":
        return "no word, fewer than two cells at hand"
    if v.word == "mixed" and v.open == len(v.known):
        return "mixed (every interval holds no effect)"
    return f"{v.word}: {v.side}" if v.side else v.word


def _cell(v: Verdict, cell: Cell) -> str:
    """Return a known cell in words."""
    e, low, high = (_number(x) for x in (cell.estimate, cell.low, cell.high))
    return f"{e} [{low}, {high}], {v.said(cell)} ({cell.told()}){f'; {cell.rests_on}' if cell.rests_on else ''}."


def _number(value: Any) -> str:
    """Return a number with three digits and a true minus."""
    text = f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
    return text.replace("-", "\u2212")

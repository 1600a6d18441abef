"""``foedus decades``: wars and states at war by decade with and without pledges, deterrence and spread as two terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import emit, progress, say, show, workers_or_default

Folder = Annotated[Path | None, Parameter(name=["--data-dir"])]


def decades(
    *, what: Literal["wars", "states", "deaths"] = "states", first: int = 1816, last: int = 2007, step: int = 1, data_dir: Folder = None,
    seed: int = 1, workers: int | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Sum up by decade what pledges deter and what they spread.

    Parameters
    ----------
    what
        wars begun, states in them, or battle deaths; --json holds all three.
    first
        First year, from 1816.
    last
        Last year, to 2007.
    step
        Simulate every so many years, each standing for those up to the next.
    data_dir
        Folder with the published data files.
    seed
        The same seed gives the same numbers.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.studies.decades import decades as study

    with progress("years", quiet=json) as tell:
        found = study(
            data_dir=data_dir,
            first=first,
            last=last,
            step=step,
            seed=seed,
            workers=workers_or_default(workers),
            progress=tell,
        )
    if json:
        emit(found.to_dict())
        return
    import polars as pl

    digits = 0 if what == "deaths" else 1

    def told(row: dict, name: str) -> str:
        return f"{row[name]:,.{digits}f} [{row[f'{name}_low']:,.{digits}f}, {row[f'{name}_high']:,.{digits}f}]"

    names = {"with": "with pledges", "without": "without", "deter": "deter", "spread": "spread", "rest": "rest"}
    rows = [
        {
            "decade": f"{r['decade']}s" + (f" ({r['years']} years)" if r["years"] < 10 else ""),
            "observed": f"{r['observed']:,.0f}",
        }
        | {label: told(r, name) for name, label in names.items()}
        for r in found.table(what).to_dicts()
    ]
    unit = {"wars": "Wars begun", "states": "States in the wars begun", "deaths": "Battle deaths in the wars begun"}[
        what
    ]
    show(f"{unit}, expected [90 %]; with = without + deter + spread + rest", pl.DataFrame(rows))
    whole = found.total(what)
    parts = [f"{names[k]} {m:,.{digits}f} [{a:,.{digits}f}, {b:,.{digits}f}]" for k, (m, a, b) in whole.items()]
    say("All years: " + "; ".join(parts))
    say(
        "Observed: on record. Without: the same years had nobody pledged help. Deter: what pledges keep from beginning; spread: what they draw in; "
        "rest: what both do together. Intervals are of what is expected: what chance makes of a decade is wider, and where the observed lies far "
        "outside the model is off. Associations, not causes: docs/concepts/deter-and-spread.md."
    )

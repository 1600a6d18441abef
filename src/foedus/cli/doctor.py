"""``foedus doctor``: whether this installation is sound, and a block for bug reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit

if TYPE_CHECKING:
    from foedus.studies.doctor import Doctor

Flag = Annotated[bool, Parameter(negative="")]
MARKS = {"ok": "ok  ", "note": "note", "broken": "BAD "}


def doctor(*, data_dir: Path | None = None, verify: Flag = False, report: Flag = False, json: Flag = False) -> None:
    """Say what is installed, what is missing and what it would unlock, and whether data and folders are sound.

    Exit 0 where nothing is broken, 1 where something is.

    Parameters
    ----------
    data_dir
        Folder with the data files (default: the folder that FOEDUS_DATA names).
    verify
        Also compare every data file with its checksum and read every table.
    report
        Print a block for a bug report: without paths, names of users or machines.
    json
        Print JSON.
    """
    from foedus.studies.doctor import doctor as look

    if report and json:
        raise bad_option("--report and --json do not go together", "--report is text for a bug report")
    found = look(data_dir, verify=verify)
    if json:
        emit(found.to_dict())
    elif report:
        sys.stdout.write(found.report())
    else:
        sys.stdout.write(_told(found))
    sys.exit(0 if found.healthy else 1)


def _told(found: Doctor) -> str:
    """Return what was found as plain text: no package that may be missing is needed to print it."""
    lines, part = [], ""
    for x in found.findings:
        if x.part != part:
            part = x.part
            lines.append(f"{part}:")
        lines.append(f"  {MARKS[x.level]} {x.name}: {x.found}{f': {x.path}' if x.path else ''}")
        lines += [f"       {x.hint}"] if x.hint else []
    broken = [x.name for x in found.broken]
    lines.append(f"{len(broken)} broken: {', '.join(broken)}" if broken else "Nothing is broken.")
    return "".join("".join(c if c.isprintable() else "?" for c in line) + "\n" for line in lines)

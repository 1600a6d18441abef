"""``foedus doctor``: whether this installation is sound, and a block for bug reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, say

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
        part = ""
        for x in found.findings:
            if x.part != part:
                say(f"{x.part}:")
                part = x.part
            say(f"  {MARKS[x.level]} {x.name}: {x.found}")
            if x.hint:
                say(f"       {x.hint}")
        broken = found.broken
        say(f"{len(broken)} broken: {', '.join(x.name for x in broken)}" if broken else "Nothing is broken.")
    sys.exit(0 if found.healthy else 1)

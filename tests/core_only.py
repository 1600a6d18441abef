"""What foedus does where only its core is installed: one call of every command, and which extra each asks for.

Run as a program it hides the packages of every extra from this process (`hide`) and prints as JSON what each call of `CALLS` did: its exit code and its
last words. `tests/architecture/test_extras.py` runs it so; `make release-check` runs the same calls where nothing needs to be hidden (``--nothing-hidden``).
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import pkgutil
import re
import sys
import time
import traceback
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

ROWS = "onset,x,z\n" + "\n".join(f"{int(k % 3 == 0)},{k % 5},{k % 7}" for k in range(60)) + "\n"
POSITIONS = "actor,position,capability,salience\nA,10,1,0.5\nB,40,2,0.9\nC,80,1,0.7\n"
GAME = "outcome,a,b\n" + "\n".join(f"{k % 3},{k % 5},{k % 7}" for k in range(60)) + "\n"

CALLS: tuple[tuple[str, str | None], ...] = (
    ("brief --in middle-east-2019 --draws 200", None),
    ("blocs --in europe-1914 --why ITA", None),
    ("bound GMY BEL --in europe-1914 --date 1914-08-03", None),
    ("ally BEL --in europe-1914 --against GMY --draws 200", None),
    ("stance IRQ --in middle-east-2015 --draws 4", None),
    ("bargain positions.csv", None),
    ("war AUH SER --in europe-1914 --draws 200", None),
    ("explain AUH SER --in europe-1914 --draws 200", None),
    ("coalition GMY AUH ITA --against RUS,FRN --in europe-1914 --draws 200", None),
    ("required IRN --instead-of RUS --attack OPP:SYR --in middle-east-2015 --date 2015-10-02 --draws 50", None),
    ("power --in europe-1914", None),
    ("similarity FRN GMY --in europe-1914", None),
    ("fight --in middle-east-2015", None),
    ("forecast --in 2005 --draws 100", None),
    ("scoreboard board.jsonl", None),
    ("decades --first 1950 --last 1969", None),
    ("debate", None),
    ("fall-of-war", "fit"),
    ("great-wars 1914 --draws 50", None),
    ("formation --in 1907", None),
    ("evolve --in europe-1914 --years 1 --draws 20", None),
    ("backtest onset", None),
    ("backtest joining", None),
    ("backtest size", None),
    ("backtest pacts", None),
    ("sequence --to 1875-01-01", None),
    ("compare europe-1914 --what-if no-entente-alignments --draws 200", None),
    ("stability --in europe-1914", None),
    ("weak-and-rich --in 1990", None),
    ("network-fit --from 1998 --draws 20", None),
    ('pact-account "Triple Alliance"', None),
    ("counter-pacts", None),
    ('fit "onset ~ x + z" --data rows.csv', "fit"),
    ("studio --in nowhere-at-all", None),
    ("verdict D", None),
    ("validate --list", None),
    ("sweep europe-1914 --vary strengthen:RUS=0.5:2:2 --draws 200", None),
    ("sweep europe-1914 --vary strengthen:RUS=0.5:2:2 --draws 200 --on dask://127.0.0.1:1", "dask"),
    ("build state-year --from 1950 --to 1951 --add nmc --out d.csv", None),
    ("build state-year --from 1950 --to 1951 --add nmc --out d.dta", "files"),
    ("build state-year --from 1950 --to 1951 --add nmc --out d.rds", "files"),
    ("export --in europe-1914 -o e.gexf", "export"),
    ("export --in europe-1914 -o e.graphml", "export"),
    ("export --in europe-1914 -o e.net", "export"),
    ("export --in europe-1914 -o e.csv", None),
    ("doctor", None),
    ("who FRN 1914", None),
    ("scenario new --from europe-1914 -o mine.toml", None),
    ("scenario check mine.toml", None),
    ("scenario diff europe-1914 mine.toml", None),
    ("scenario schema", None),
    ("scenario list", None),
    ("scenario events europe-1872-1914", None),
    ("crisis game GMY FRN --in europe-1914", None),
    ("crisis years --in 1950:1951", None),
    ("crisis signal", None),
    ("crisis bargain 0.6 --cost-a 0.1 --cost-b 0:0.4", None),
    ('crisis estimate "outcome ~ a - 1 | 1 | 1 | b" --data game.csv', "fit"),
    ("data list", None),
    ("data fetch nosuch", None),
    ("data add cow_nmc nofile", None),
    ("data verify", None),
    ("data coverage", None),
    ("data cite cow_nmc", None),
    ('data query "select 1"', None),
    ("data where", None),
    ("data remove cow_nmc", None),
)
"""One call of every command, and the extra that it asks for: None, where the core does it."""


SLOW = {"stance", "evolve", "explain"}
"""Commands that take some seconds without data too."""
SLOW_WITH_DATA = {"backtest", "counter-pacts", "debate", "great-wars", "network-fit", "pact-account", "verdict"}
"""Commands that take half a minute or more with data."""


class Hidden(MetaPathFinder):
    """Makes modules impossible to find, as if they were not installed."""

    def __init__(self, names):
        self.names = frozenset(names)

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def hide(names) -> None:
    """Hide modules from this process; none of them may be loaded yet."""
    loaded = sorted(n for n in names if n in sys.modules)
    if loaded:
        raise RuntimeError(f"loaded already: {', '.join(loaded)}")
    sys.meta_path.insert(0, Hidden(names))


def called(line: str) -> dict[str, Any]:
    """Return what one call of the command line did: exit code, output, last words, seconds; a traceback is code 99."""
    import shlex

    from foedus.cli import main

    out, err = io.StringIO(), io.StringIO()
    begun, code = time.perf_counter(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(shlex.split(line))
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(bool(left.code))
        except BaseException:
            traceback.print_exc()
            code = 99
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "seconds": time.perf_counter() - begun}


NO_DATA = re.compile(
    r"data files? (is|are) missing|No cell of these claims|not in the store|no such scoreboard|Unknown data set|expected a (file|bundled)"
)
"""What a command says that wants data, or a file, which are not there."""


def fault(line: str, extra: str | None, did: dict[str, Any]) -> str:
    """Return what is wrong with what a call did where only the core is installed; empty where it is as it should be."""
    text = did["err"]
    if "Traceback" in text + did["out"] or did["code"] not in {0, 1, 2}:
        return text[-800:] or f"exit {did['code']}"
    if extra:
        once = text.count(f"python -m pip install 'foedus[{extra}]'") == 1
        return (
            ""
            if did["code"] == 2 and once and len(text.strip().splitlines()) <= 4
            else f"exit {did['code']}, no word of {extra}: {text[-400:]}"
        )
    if "pip install" in text or (did["code"] and not NO_DATA.search(text)):
        return f"exit {did['code']}: {text[-400:]}"
    return ""


def files() -> None:
    """Write the files that the calls read into the present folder."""
    Path("rows.csv").write_text(ROWS, encoding="utf-8")
    Path("game.csv").write_text(GAME, encoding="utf-8")
    Path("positions.csv").write_text(POSITIONS, encoding="utf-8")


def modules() -> dict[str, str]:
    """Return which modules and public names of foedus cannot be had without an extra, and what each says."""
    import foedus
    from foedus.errors import MissingExtraError

    found = {}
    for module in pkgutil.walk_packages(foedus.__path__, "foedus."):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except MissingExtraError as error:
                found[module.name] = str(error)
    for name in foedus.__all__:
        try:
            getattr(foedus, name)
        except MissingExtraError as error:
            found[name] = str(error)
    return found


if __name__ == "__main__":
    from foedus.extras import EXTRA_OF

    if "--nothing-hidden" not in sys.argv:
        hide(EXTRA_OF)
    files()
    wanted = json.loads(sys.stdin.read())
    json.dump({"calls": {line: called(line) for line in wanted}, "modules": modules()}, sys.stdout)

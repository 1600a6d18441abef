"""``python -m foedus.studio.worker FOLDER``: works out one run and writes its answer, or why there is none.

Bounded in memory and time. Ends at SIGTERM with nothing half-written; what a question keeps for later stays in ``FOLDER/kept``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.files import replace_file
from foedus.studio.pool import limit
from foedus.studio.question import Desk
from foedus.studio.runs import GIVEN, MEMORY_HINT, _now, read, write

if TYPE_CHECKING:
    from types import FrameType

EVERY = 0.2
"""Seconds between two words on progress."""


def work(folder: Path, scenarios: Path, data: Path | None) -> None:
    """Work out the run of a folder."""
    from foedus.studio.questions import question

    about = read(folder / "run.json") or {}
    q = question(about["question"])
    kept = folder / "kept"
    kept.mkdir(exist_ok=True)
    told = 0.0

    def tell(share: float, text: str = "") -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY or share >= 1:
            told = time.monotonic()
            write(folder / "progress.json", {"share": min(1.0, max(0.0, float(share))), "text": text})

    desk = Desk(_files(folder, about, scenarios), data, tell, kept, min(4, os.cpu_count() or 1))
    body = q.reply(q.asked.model_validate(about["params"]), desk)
    replace_file(folder / "answer.json", body)


def _files(folder: Path, about: dict[str, Any], scenarios: Path) -> Path:
    """Return where the user's files of a run are: its own copies, which must be those that it began with.

    Raises
    ------
    OSError
        One of them was changed.
    """
    given, kept = about.get("files") or {}, folder / GIVEN
    for name, digest in given.items():
        if hashlib.sha256((kept / name).read_bytes()).hexdigest() != digest:
            raise OSError(f"{name} in the folder of the run is not the file that it began with: start it anew")
    return kept if given else scenarios


def _stopped(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _late(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def main(argv: list[str] | None = None) -> int:
    """Run the worker and return its exit code."""
    from pydantic import ValidationError

    from foedus.errors import FoedusError

    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenarios", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args(argv)
    limit(given.memory)
    signal.signal(signal.SIGTERM, _stopped)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _late)
        signal.setitimer(signal.ITIMER_REAL, given.seconds)
    try:
        work(given.folder, given.scenarios, given.data)
    except (FoedusError, ValidationError) as error:
        message = str(error)
    except TimeoutError:
        message = f"no answer within {given.seconds:g} s, the most that a run may take"
    except MemoryError:
        message = f"out of memory: a run may take {given.memory} MB"
    except OSError as error:
        message = f"the answer could not be written: {error.strerror or error}"
    except Exception as error:
        traceback.print_exc()
        message = f"{type(error).__name__}: {error}; {MEMORY_HINT if 'allocate' in str(error) else 'the log in the folder of the run has more'}"
    except KeyboardInterrupt:
        return 143
    else:
        return 0
    write(given.folder / "error.json", {"message": message, "ended": _now()})
    return 1


if __name__ == "__main__":
    from foedus.terminal import guarded

    with guarded():
        sys.exit(main())

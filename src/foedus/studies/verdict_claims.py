"""The claims A to J and their parts: a register, and `verdict`, which runs them.

Each claim is in a module of its own beside this one; what is asked, on which choices, and by which rule stands in
``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``. Computes no cell itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.errors import ParameterError, message
from foedus.studies import verdict_answers as answers
from foedus.studies import verdict_blocs as blocs
from foedus.studies import verdict_counter as counter
from foedus.studies import verdict_home as home
from foedus.studies import verdict_models as models
from foedus.studies import verdict_onsets as onsets
from foedus.studies import verdict_pacts as pacts
from foedus.studies import verdict_wars as wars
from foedus.studies.verdict_run import Bench, Part, run_parts

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from foedus.data.store import DataDir
    from foedus.executors import On
    from foedus.studies.verdict import Verdict

CLAIMS = {
    "A": "Which blocs form, and do they foretell who fights on whose side?",
    "B": "Do alliances call forth counter-alliances?",
    "C": "Is each state safer with its allies than alone, and at what price?",
    "D": "Does a system of alliances prevent war or spread it?",
    "E": "Does an outside power's intervention keep a war from widening?",
    "F": "A pact reassures its members and alarms its rivals: which is larger?",
    "G": "Do weak but rich states lean on a protector?",
    "H": "How far do factions inside a state set its course?",
    "I": "What do armed groups and their sponsors change?",
    "J": "Do states keep the fighting away from home?",
}
PARTS: tuple[Part, ...] = (
    blocs.SHARES, blocs.RULE, answers.ANSWERS, counter.ANSWERED, counter.SIGNED, models.SAFER, models.ENTRAPPED, onsets.ONSETS, onsets.JOINS,
    onsets.ACCOUNTS, wars.INTERVENTION, wars.VOIDED, pacts.ACCOUNT, pacts.FOLLOWED, models.LEAN, models.TURNED, wars.SPONSOR, wars.OPENLY, home.AWAY,
)  # fmt: skip


def parts_of(claims: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts of claims, in the order of the register.

    Parameters
    ----------
    claims : sequence of str
        ``"D"`` for all parts of a claim, ``"D.1"`` for one, ``"all"``; letters of either case.

    Raises
    ------
    ParameterError
        No such claim or part, or one without parts.
    """
    known = {p.question.id: p for p in PARTS}
    wanted: set[str] = set()
    for asked in claims or ["all"]:
        name = asked.strip().upper()
        found = [k for k in known if name in {"ALL", k} or k.partition(".")[0] == name]
        if not found:
            expected = f"all, {', '.join(dict.fromkeys(k.partition('.')[0] for k in known))}, or a part such as {next(iter(known))}"
            hint = "foedus verdict --list shows the parts and their choices"
            raise ParameterError(message("Unknown claim", got=repr(asked), expected=expected, hint=hint))
        wanted |= set(found)
    return tuple(p for k, p in known.items() if k in wanted)


def verdict(
    *claims: str, data_dir: DataDir | str | os.PathLike[str] | None = None, thorough: bool = False, seed: int = 1, workers: int = 1,
    save: Path | None = None, progress: Callable[..., None] | None = None, on: On | None = None,
) -> tuple[Verdict, ...]:  # fmt: skip
    """Return the verdicts on claims, one for each part, over every coding at hand.

    Parameters
    ----------
    *claims : str
        As `parts_of`; all by default.
    data_dir : DataDir, str or Path, optional
        Folder with the published files. Without one only what needs none is run.
    thorough : bool
        More draws and more cells, by the rules of the decision.
    seed : int
    workers : int
        Threads; the result is the same for any number.
    save : Path, optional
        Folder that keeps cells, so that a stopped run goes on.
    progress : callable, optional
        Called with what is done and the share done.
    on : int, str or concurrent.futures.Executor, optional
        Processes or machines instead of threads, as `foedus.executors.run` has it.

    Raises
    ------
    ParameterError
        No such claim, ``workers`` below 1, or a kept file that is no cells.
    DataError
        No cell is at hand, or a file cannot be read.

    Examples
    --------
    >>> [v.word for v in verdict("D.2", data_dir="/data")]  # doctest: +SKIP
    """
    chosen = parts_of(claims)
    return run_parts(
        chosen, Bench(data_dir, seed=seed, thorough=thorough), workers=workers, save=save, progress=progress, on=on
    )

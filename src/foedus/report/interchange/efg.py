"""The international interaction game of two actors as a file of Gambit: the whole tree, with the payoffs at central inputs.

Format EFG 2. The players, moves and payoffs are those of `foedus.security.interaction.crisis`, nothing is solved here: Gambit solves it itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.kernels.crisis_game import NODES, OUTCOMES
from foedus.report.interchange.about import about, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foedus.security.interaction_result import Crisis


def to_efg(game: Crisis) -> str:
    """Return the game of two actors as Gambit's extensive form.

    Parameters
    ----------
    game : Crisis

    Returns
    -------
    str
        One information set a choice (information is perfect), actions ``yes`` and ``no``, one outcome for each of the eight ends. Payoffs
        are written so that
        they read back as the same floats.

    Notes
    -----
    Costs and inputs are the central ones; the intervals of the game over draws are not in the file, since the format holds one game.

    Examples
    --------
    >>> import foedus as fd
    >>> to_efg(fd.crisis(fd.load("europe-1914"), "AUH", "SER", draws=2)).split(chr(10))[0]
    'EFG 2 R "International interaction game, AUH and SER, europe-1914, 1914-07-28" { "AUH" "SER" }'
    """
    a, b = game.a.actor, game.b.actor
    said = about(
        game.system, game="international interaction game", similarity=game.measure, play=game.outcome,
        payoffs="at central inputs and published costs; derived; table 2.2 of War and Reason from memory, not verified",
    )  # fmt: skip
    title = f"International interaction game, {a} and {b}, {game.system.id}, {game.system.date}"
    head = f"EFG 2 R {_text(title)} {{ {_text(a)} {_text(b)} }}"
    return "\n".join([head, _text("; ".join(f"{k}: {v}" for k, v in said.items())), "", *_tree(game, 1)]) + "\n"


def _tree(game: Crisis, at: int) -> Iterator[str]:
    """Yield the lines of a node and of all below it, in Gambit's order: yes first."""
    if at < 0:
        end = -1 - at
        worth = ", ".join(repr(float(x)) for x in game.worth[end])
        yield f't "" {end + 1} {_text(OUTCOMES[end])} {{ {worth} }}'
        return
    node = NODES[at]
    yield f'p {_text(f"node {at}")} {node.mover + 1} {_number(at)} {_text(f"{at}: {node.question}")} {{ "yes" "no" }} 0'
    yield from _tree(game, node.yes)
    yield from _tree(game, node.no)


def _number(at: int) -> int:
    """Return the number of an information set among those of its player."""
    return sum(NODES[k].mover == NODES[at].mover for k in NODES if k <= at)


def _text(text: str) -> str:
    """Return a text as Gambit reads it."""
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

"""How an actor's standing is drawn: in its bloc's colour, grey where enmity alone places it, hollow where in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from foedus.report.figures import palette
from foedus.report.kept import standings

if TYPE_CHECKING:
    from foedus.report.words import Names
    from foedus.studies.brief import Findings


class Look(NamedTuple):
    """Colour of an actor, whether its mark is hollow, and the words for a legend."""

    colour: str
    hollow: bool
    words: str


APART, NONE = "apart: enmity alone", "no ties"


def looks(f: Findings, names: Names) -> dict[str, Look]:
    """Return the look of every actor."""
    out, b, heads = {}, f.blocs, [names.short(n) for n in f.blocs.names]
    for k, (actor, standing) in enumerate(standings(f).items()):
        label = int(b.two.label[k])
        if standing in {"apart", "no ties"}:
            out[actor] = Look(palette.FREE, standing == "no ties", APART if standing == "apart" else NONE)
        else:
            out[actor] = Look(palette.BLOC[label], standing == "between", f"bloc of {heads[label]}")
    return out

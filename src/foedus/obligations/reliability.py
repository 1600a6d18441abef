"""How likely a bound ally is to honour its pledge: the shipped fit, by obligation, period and size of the pact.

Reads ``params/honour.toml``, which `foedus.studies.reliability` writes. Knows no war and no system: the caller says what is owed,
when, and among how many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus import params as parameters
from foedus.errors import parameter

if TYPE_CHECKING:
    from foedus.params import Param, Params

OBLIGATIONS = ("offense", "defense", "neutral", "nonagg")
"""What may be put to the test: ``offense`` is any pledge that covers a common attack too."""
LAST_EARLY_YEAR = 1944


def period(year: int) -> str:
    """Return ``until_1944`` or ``from_1945``."""
    return "until_1944" if year <= LAST_EARLY_YEAR else "from_1945"


def honours(obligation: str, year: int, *, members: int = 2, table: Params | None = None) -> Param:
    """Return the chance that an obligation is honoured when a war calls upon it.

    Parameters
    ----------
    obligation : {"offense", "defense", "neutral", "nonagg"}
    year : int
        Of the war.
    members : int
        Of the pact; two is bilateral.
    table : Params, optional
        Replaces ``params/honour.toml``.

    Returns
    -------
    Param
        The 90 % interval of the pooled estimate [Berkemeier2018]_; its note has the centre and how many cases stand behind the cell.

    Raises
    ------
    ParameterError
        No such obligation, or fewer than two members.

    Notes
    -----
    Only pledges that were put to the test are counted: one that deters is never tested, so this is no measure of what a pact is worth in peace.

    Examples
    --------
    >>> early, late = honours("defense", 1914), honours("defense", 1990)
    >>> early.centre > late.centre
    True
    """
    if obligation not in OBLIGATIONS:
        raise parameter("obligation", obligation, ", ".join(OBLIGATIONS))
    if members < 2:
        raise parameter("members", members, "two or more")
    size = "bilateral" if members == 2 else "multilateral"
    return (table or parameters.load("honour"))[f"chance.{obligation}.{period(year)}.{size}"]

"""A system with a divided actor: EE has a faction for each of two hostile pairs."""

from dataclasses import replace

import pytest

from foedus.system.nouns import Faction
from foedus.system.values import Quantity


@pytest.fixture
def divided(quartet):
    """The quartet, in which EE leans to AA by half, to CC by about a third, and by the rest to nobody."""
    parts = (
        Faction("north", "Northerners", Quantity(0.4, 0.6), "AA"),
        Faction("south", "Southerners", Quantity(0.3, 0.4), "CC"),
    )
    return quartet.with_(actors=tuple(replace(a, factions=parts) if a.id == "EE" else a for a in quartet.actors))


@pytest.fixture
def one_faction(divided):
    """Return a maker of the same system in which EE has the factions given."""

    def make(*factions):
        return divided.with_(actors=tuple(replace(a, factions=factions) if a.id == "EE" else a for a in divided.actors))

    return make

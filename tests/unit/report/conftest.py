"""Findings that every test of the report shares: the bundled system of 1914, and a small one whose every text is hostile."""

from __future__ import annotations

import datetime as dt

import pytest

from foedus.scenario.read import load_scenario
from foedus.studies.brief import Edited, investigate
from foedus.system.nouns import Actor, Border, Faction, Member, Pact, Place, Pledge, Source, Tie
from foedus.system.system import System
from foedus.system.values import Quantity

SCRIPT = "<script>alert(1)</script>"
MARKUP = "[bold red]Loud[/bold red] [link=https://example.org]x[/link]"
FORMULA = "=HYPERLINK(1)"
BREAKOUT = "\"'><img src=x onerror=alert(1)>&amp;"
HOSTILE = (SCRIPT, MARKUP, FORMULA, BREAKOUT, ":smile: {{ 7 * 7 }} {% raw %}")
"""Names that would act as HTML, rich markup, a spreadsheet formula, an attribute's end, an emoji or a template."""


@pytest.fixture(scope="session")
def texts():
    """Return the hostile texts by what they attack."""
    return {"script": SCRIPT, "markup": MARKUP, "formula": FORMULA, "all": HOSTILE}


@pytest.fixture(scope="session")
def findings():
    base, other, about = load_scenario("europe-1914").what_if("no-franco-russian-alliance")
    return investigate(
        base, edited=Edited(about.name, about.title, about.note, base, other, (about.describe(),)), draws=200
    )


@pytest.fixture(scope="session")
def hostile():
    """Return findings on five actors whose names, pacts, sources and texts are hostile."""
    ids = ("AA", "BB", "CC", "DD", "EE")
    actors = tuple(
        Actor(
            a,
            name,
            kind="group" if a == "CC" else "state",
            capability=(("cinc", Quantity.of(0.3 - 0.04 * k)),),
            place=Place(SCRIPT, 10.0 * k, 12.0 * k),
            regime_label=SCRIPT,
            religion_ruling="sunni",
            region="Europe",
            factions=(Faction("f", BREAKOUT, Quantity.of([0.2, 0.4]), "BB"),) if a == "AA" else (),
        )
        for k, (a, name) in enumerate(zip(ids, HOSTILE, strict=True))
    )
    ties = tuple(Tie(x, y, "rivalry", Quantity.of([-0.9, -0.5])) for x in ("AA", "BB") for y in ("CC", "DD"))
    pledges = (Pledge("AA", "defense", article=SCRIPT, disputed=BREAKOUT), Pledge("BB", "defense", unclear=SCRIPT))
    pact = Pact("pact", SCRIPT, "treaty", (Member("AA"), Member("BB")), pledges, start=dt.date(1900, 1, 1))
    sources = (
        Source("good", FORMULA, SCRIPT, "https://example.org/?q=1&r=<b>", licence=MARKUP, note=BREAKOUT),
        Source("bad", "javascript", url="javascript:alert(1)"),
    )
    system = System(
        "hostile",
        SCRIPT,
        dt.date(1910, 1, 1),
        actors,
        (pact,),
        (*ties, Tie("CC", "DD", "sponsorship", Quantity.of(0.7))),
        (Border("AA", "CC", "land"), Border("BB", "DD", "land"), Border("DD", "EE", "land")),
        sources,
        summary=BREAKOUT,
        limits=(SCRIPT, MARKUP),
    )
    other = system.with_(pacts=())
    return investigate(
        system, flashpoint=("CC", "AA"), edited=Edited(SCRIPT, BREAKOUT, MARKUP, system, other, (SCRIPT,)), draws=200
    )


@pytest.fixture(scope="session")
def bare():
    """Return findings on two actors without ties, pacts, places or sources."""
    actors = tuple(Actor(a, a, capability=(("cinc", Quantity.of(0.5)),)) for a in ("AA", "BB"))
    return investigate(System("bare", "Bare", dt.date(1910, 1, 1), actors), flashpoint=("AA", "BB"), draws=200)

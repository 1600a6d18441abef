"""A scenario of four invented actors with one of everything, and how to spoil it."""

from __future__ import annotations

SCENARIO = """\
# invented
format = 1
id = "made-up"
title = "Four of them"
date = 1900-01-01
summary = "Invented."
limits = ["all of it"]

[[source]]
id = "book"
title = "A book"
url = "https://example.org/book"

[[actor]]
id = "AA"
name = "Alpha"
kind = "state"
cow = 200
major = true
sources = ["book"]
place = { name = "Alphaville", lat = 52.5, lon = 13 }
[actor.capability]
gdp = [220, 255]
population = 40
personnel = { mean = 300, sd = 50.5 }
[[actor.faction]]
id = "court"
name = "Court"
weight = 0.4
leans = "BB"
[[actor.faction]]
id = "town"
name = "Town"
weight = 0.6
leans = "CC"

[[actor]]
id = "BB"
name = "Beta"
kind = "state"
sources = ["book"]
place = { name = "B", lat = 50, lon = 15 }
capability = { gdp = 150, population = 30, personnel = 200 }

[[actor]]
id = "CC"
name = "Gamma"
kind = "state"
sources = ["book"]
place = { name = "C", lat = 48, lon = 2 }
capability = { gdp = [180, 190], population = 35, personnel = 400 }

[[actor]]
id = "DD"
name = "Delta"
kind = "state"
sources = ["book"]

[[border]]
a = "AA"
b = "CC"
type = "land"

[[border]]
a = "BB"
b = "CC"
type = "land"

[[tie]]
a = "BB"
b = "CC"
reason = "rivalry"
strength = [-0.9, -0.6]
sources = ["book"]

[[tie]]
a = "AA"
b = "BB"
reason = "interest"
strength = 0.5
sources = ["book"]

[[tie]]
a = "AA"
b = "CC"
reason = "war"
strength = -1.0
sources = ["book"]

[[pact]]
id = "ab"
name = "Alpha and Beta"
kind = "treaty"
start = 1890-01-01
members = ["AA", { actor = "BB", from = 1890-01-01 }]
sources = ["book"]
[[pact.pledge]]
by = "AA"
type = "defense"
targets = ["CC"]
[[pact.pledge]]
by = "BB"
type = "defense"

[[event]]
id = "war"
date = 1900-07-28
sources = ["book"]
edits = [{ op = "change_tie", a = "BB", b = "CC", reason = "war", strength = [-1.0, -0.9] }]

[[flashpoint]]
attacker = "CC"
target = "BB"
sources = ["book"]

[what_if.without]
title = "Without the pact"
edits = [{ op = "void_pact", pact = "ab" }]
"""

WHAT_IF = """\
title = "Mine"
base = "europe-1914"
edits = [
  { op = "void_pact", pact = "triple-alliance" },
]
"""

SPOILT = (
    ("0.5", "1e400"), ("0.5", "nan"), ("0.5", "9" * 400), ("0.5", "0x" + "f" * 300), ("0.5", "{ mean = 1, sd = -1 }"), ("[220, 255]", "[255, 220]"),
    ('"Alpha"', '"\\u202eahplA"'), ('"Alpha"', '"\\u0000"'), ('"Alpha"', '"../../x"'), ('"Alpha"', '"' + "x" * 400 + '"'), ('"Alpha"', "'''\n'''"),
    ('"Alpha"', '"e\u0301\u05d0"'), ('"Alpha"', '"\ud800"'), ('id = "BB"', 'id = "AA"'), ("1900-01-01", "0001-01-01"), ("1900-01-01", "9999-12-31"),
    ("1900-01-01", "1900-01-01T25:00:00"), ("format = 1", "format = 1e9"), ('b = "CC"', 'b = "AA"'), ('"void_pact"', '"add_actor"'),
    ("[[actor]]", "[actor]"), ("[what_if.without]", "[what_if.__proto__]"),
    ('{ actor = "BB", from = 1890-01-01 }', "{}"), ("start = 1890-01-01", "start = 07:32:00"),
    ("weight = 0.4", "weight = -1"), ("lat = 52.5", "lat = 1e308"), ("cow = 200", "cow = 99999999999999999999"),
)  # fmt: skip

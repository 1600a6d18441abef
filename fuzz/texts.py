"""A scenario of four invented actors with one of everything, and how to spoil it."""

from __future__ import annotations

SCENARIO = """\
format = 1

[scenario]
id = "made-up"
title = "Four of them"
date = 1900-01-01
summary = "Invented."
limits = ["all of it"]

[[source]]
id = "book"
title = "A book"

[[actor]]
id = "AA"
name = "Alpha"
kind = "state"
capability = { gdp = [1.0, 2.0], population = 10, personnel = 100, cinc = 0.1 }
regime = 0.5
sources = ["book"]

[[actor]]
id = "BB"
name = "Beta"
kind = "state"

[[actor]]
id = "CC"
name = "Gamma"
kind = "state"

[[actor]]
id = "DD"
name = "Delta"
kind = "state"

[[pact]]
id = "ab"
name = "Alpha and Beta"
begin = 1890-01-01
sources = ["book"]
members = [{ actor = "AA" }, { actor = "BB" }]
pledges = [{ kind = "defense", by = "AA", to = "BB" }, { kind = "defense", by = "BB", to = "AA" }]

[[tie]]
a = "BB"
b = "CC"
reason = "rivalry"
strength = -0.5

[[border]]
a = "AA"
b = "BB"

[[event]]
id = "later"
date = 1901-01-01
edits = [{ op = "void-pact", pact = "ab" }]

[what_if.without]
title = "Without"
edits = [{ op = "void-pact", pact = "ab" }]
"""

WHAT_IF = """\
title = "Mine"
base = "europe-1914"
edits = [
  { op = "void-pact", pact = "triple-alliance" },
]
"""

SPOILT = (
    ("0.5", "1e400"), ("0.5", "nan"), ("0.5", "9" * 400), ("0.5", "0x" + "f" * 300), ("0.5", "{ mean = 1, sd = -1 }"), ("[1.0, 2.0]", "[2.0, 1.0]"),
    ('"Alpha"', '"\\u202eahplA"'), ('"Alpha"', '"\\u0000"'), ('"Alpha"', '"../../x"'), ('"Alpha"', '"' + "x" * 400 + '"'), ('"Alpha"', "'''\n'''"),
    ('"Alpha"', '"e\u0301\u05d0"'), ('"Alpha"', '"\ud800"'), ('id = "BB"', 'id = "AA"'), ("1900-01-01", "0001-01-01"), ("1900-01-01", "9999-12-31"),
    ("1900-01-01", "1900-01-01T25:00:00"), ("format = 1", "format = 1e9"), ('b = "CC"', 'b = "BB"'), ('"void-pact"', '"add-actor"'),
    ("[[actor]]", "[actor]"), ("[what_if.without]", "[what_if.__proto__]"), ('{ actor = "BB" }', "{}"), ("begin = 1890-01-01", "begin = 07:32:00"),
)  # fmt: skip

"""One small sound scenario file, to be broken by the tests."""

import pytest

SMALL = """\
# a comment that stays
format = 1
id = "small"
title = "Small"
date = 1914-07-28
summary = "Three states."  # beside it
limits = ["few actors"]

[[source]]
id = "atop"
title = "ATOP"
url = "https://example.org/atop"
licence = "free"

[[actor]]
id = "GMY"
name = "Germany"
kind = "state"
cow = 255
sources = ["atop"]
place = { name = "Berlin", lat = 52.5, lon = 13 }
[actor.capability]
gdp = [220, 255]  # a range
personnel = { mean = 800, sd = 50.5 }
[[actor.faction]]
id = "court"
name = "Court"
weight = 0.4
leans = "AUH"

# the second
[[actor]]
id = "AUH"
name = "Austria-Hungary"
kind = "state"
sources = ["atop"]

[[actor]]
id = "SER"
name = "Serbia"
kind = "state"
sources = ["atop"]

[[border]]
a = "AUH"
b = "SER"
type = "land"

[[tie]]
a = "AUH"
b = "SER"
reason = "rivalry"
strength = [-0.9, -0.6]
sources = ["atop"]

[[pact]]
id = "dual-alliance"
name = "Dual Alliance"
kind = "treaty"
start = 1879-10-07
members = ["GMY", { actor = "AUH", from = 1879-10-07 }]
atop = 1335
sources = ["atop"]
[[pact.pledge]]
by = "GMY"
type = "defense"
targets = ["SER"]

[[event]]
id = "war"
date = 1914-07-28
sources = ["atop"]
edits = [{ op = "change_tie", a = "AUH", b = "SER", reason = "war", strength = [-1.0, -0.9] }]

[[event]]
id = "league"
date = 1914-08-05
sources = ["atop"]
edits = [
  { op = "add_pact", pact = { id = "league", name = "League", kind = "treaty", members = ["GMY", "AUH", "SER"] } },
  { op = "intervene", actor = "GMY", behalf = "AUH", against = ["SER"], effort = 0.5 },
]

[[flashpoint]]
attacker = "AUH"
target = "SER"
sources = ["atop"]

[what_if.no-dual-alliance]
title = "Without the Dual Alliance"
edits = [{ op = "void_pact", pact = "dual-alliance" }]

[what_if.no-league]
title = "Without the league"
date = 1914-08-06
skip_events = ["league"]
"""


@pytest.fixture
def small():
    """The text of a sound scenario."""
    return SMALL


@pytest.fixture
def small_file(tmp_path, small):
    """A sound scenario on disk."""
    path = tmp_path / "small.toml"
    path.write_text(small, encoding="utf-8")
    return path

"""What a scenario file may hold at most: sizes, counts, patterns of ids, ranges of numbers and dates, and which characters.

Constants only; every reader, the JSON Schema and the test strategies take them from here.
"""

from __future__ import annotations

import datetime as dt
import re

MAX_BYTES = 2 * 1024 * 1024
MAX_MARKS = {"=": 100_000, ",": 150_000, "[": 100_000, "{": 60_000, "\n": 250_000, "\\": 200_000}
MAX_KEY_PARTS = 4
MAX_DOTTED = 20_000
MAX_NODES = 400_000
MAX_DEPTH = 12
MAX_KEYS = 500
MAX_WORK = 500_000  # nouns times edits tried while loading
MAX_SHOWN = 100
MAX_HINTED = 30

MAX_TEXT = 4_000
MAX_NAME = 300
MAX_ITEMS = 200
COUNTS = {
    "source": 2_000, "actor": 400, "border": 10_000, "tie": 20_000, "pact": 2_000, "event": 1_000, "flashpoint": 200, "what_if": 200,
    "pledge": 5_000, "member": 1_000, "faction": 50, "stance": 400, "edits": 200, "outside": 400,
}  # fmt: skip

SCENARIO_ID = r"[a-z0-9][a-z0-9-]{0,79}"
SOURCE_ID = r"[a-z0-9][a-z0-9._-]{0,79}"
ACTOR_ID = r"[A-Z][A-Z0-9_]{1,11}"
PACT_ID = r"[a-z0-9][a-z0-9._-]{0,119}"
FACTION_ID = r"[A-Za-z0-9_-]{1,80}"
URL = r"https?://[^\s<>\"]{1,1000}"

FIRST_DAY = dt.date(1000, 1, 1)
LAST_DAY = dt.date(2999, 12, 31)

CAPABILITY_BOUNDS = {"gdp": (0.0, 1e7), "population": (0.0, 1e5), "personnel": (0.0, 1e6), "cinc": (0.0, 1.0)}
SHARE = (0.0, 1.0)
STRENGTH = (-1.0, 1.0)
FACTOR = (1e-6, 1000.0)

# Control, formatting (bidirectional overrides, zero width; not the joiners that Persian and Indic spelling need), surrogates, private use,
# tags, noncharacters, and letters that are blank by rule: none of them can be seen, all of them can deceive a reader or a terminal.
FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)

"""How a result of ours is judged against a published one: pure functions, no data.

The rules are those of ``docs/decisions/0025-what-validate-holds-to.md``. Says nothing of why two numbers differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter
from foedus.studies.validate_spec import decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.studies.validate_spec import Row

EQUAL, WITHIN, DIFFERS, EXPLAINED = "equal", "within", "differs", "differs, explained"
SHOWN = {"sign": ("same sign", "opposite sign"), "direction": ("as published", "not as published")}
UNSHOWN, ALONE, ABSENT, FAILED = "not shown", "ours only", "no data", "failed"
VERDICTS = (EQUAL, WITHIN, *SHOWN["sign"], *SHOWN["direction"], UNSHOWN, EXPLAINED, ALONE, DIFFERS, ABSENT, FAILED)
WAYS = {"+": 1, "higher": 1, "some": 1, "-": -1, "lower": -1, "none": 0}
"""Which side of the null a published sign or direction is on."""
UNREAD = ("not read", "open")
"""Said in the place of a published figure where none was read, or the literature has none."""
ROUNDING = 4
"""Units in the last place of slack for halves, which may be printed either way: 0.125 as 0.12 or as 0.13."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a row came to.

    ``values`` numbers or words, one per published value; ``spans`` the interval of each, None where it has none; ``note`` what this run found out;
    ``level`` of the intervals.
    """

    values: tuple[float | str, ...]
    spans: tuple[Span | None, ...] = ()
    note: str = ""
    level: float = 0.95

    @classmethod
    def of(cls, *values: Any, spans: Sequence[Span | None] = (), note: str = "", level: float = 0.95) -> Found:
        """Return a result with plain numbers and words.

        Raises
        ------
        ParameterError
            A number that is not finite, or intervals for some values only.

        Examples
        --------
        >>> Found.of(3, "LUX").values
        (3.0, 'LUX')
        """
        plain = tuple(v if isinstance(v, str) else float(v) for v in values)
        if any(isinstance(v, float) and not math.isfinite(v) for v in plain):
            raise parameter("values", plain, "finite numbers")
        if spans and len(spans) != len(plain):
            raise parameter("spans", spans, f"one for each of {len(plain)} values")
        return cls(plain, tuple(None if s is None else (float(s[0]), float(s[1])) for s in spans), note, level)

    @classmethod
    def span(cls, value: float, low: float, high: float, note: str = "", level: float = 0.95) -> Found:
        """Return one number with its interval."""
        return cls.of(value, spans=[(low, high)], note=note, level=level)


def judge(row: Row, found: Found) -> str:
    """Return the verdict, one of `VERDICTS`.

    Parameters
    ----------
    row : Row
    found : Found

    Raises
    ------
    ParameterError
        As many values as the row publishes are not there.

    Examples
    --------
    >>> from foedus.studies.validate_spec import chosen
    >>> (row,) = chosen(["15.tau"])
    >>> judge(row, Found.of(0.0303169)), judge(row, Found.of(0.0304))
    ('differs', 'differs')
    >>> judge(row, Found.of(0.030316953))
    'equal'
    """
    if len(found.values) != len(row.published):
        raise parameter("values", found.values, f"{len(row.published)} for {row.id}")
    if row.kind in SHOWN:
        return _direction(row, found)
    if set(row.published) <= set(UNREAD):
        return ALONE
    if all(_equal(p, v) for p, v in zip(row.published, found.values, strict=True)):
        return EQUAL
    if row.tolerance and all(map(_near, row.published, found.values, row.tolerance)):
        return WITHIN
    return EXPLAINED if row.kind == "expected to differ" else DIFFERS


def _direction(row: Row, found: Found) -> str:
    """Return the verdict of a sign or direction, by the whole interval, or by the value where it has none."""
    yes, no = SHOWN[row.kind]
    way = WAYS[row.published[0]]
    (value,) = found.values
    low, high = (found.spans[0] if found.spans else None) or (value, value)
    side = 1 if float(low) > row.null else -1 if float(high) < row.null else 0
    if side == way:
        return yes
    return UNSHOWN if side == 0 else no


def _equal(printed: str, value: float | str) -> bool:
    """Return whether a value rounds to what is printed, or is the same word."""
    places = decimals(printed)
    if places is None or isinstance(value, str):
        return printed == value
    return _near(printed, value, 0.5 * 10.0**-places)


def _near(printed: str, value: float | str, tolerance: float) -> bool:
    """Return whether a value is no further from the printed one than the tolerance."""
    if isinstance(value, str) or decimals(printed) is None:
        return printed == value
    return abs(value - float(printed)) <= tolerance + ROUNDING * math.ulp(max(abs(value), abs(float(printed))))


def worded(row: Row, found: Found | None, verdict: str) -> str:
    """Return the verdict with the distance that was allowed, of the values that are not equal.

    Examples
    --------
    >>> from foedus.studies.validate_spec import chosen
    >>> worded(chosen(["5.land"])[0], Found.of(1.0553, 0.058), "within")
    'within 0.003'
    """
    if verdict != WITHIN or found is None:
        return verdict
    apart = [t for p, v, t in zip(row.published, found.values, row.tolerance, strict=True) if not _equal(p, v)]
    return f"{WITHIN} {'; '.join(dict.fromkeys(f'{t:g}' for t in apart))}"


def newcombe(p: tuple[float, float, float], q: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the difference of two independent shares, p less q, with an interval from theirs [Newcombe1998]_, method 10.

    Parameters
    ----------
    p, q : (float, float, float)
        Share with the ends of its Wilson interval.

    Examples
    --------
    >>> [round(x, 3) for x in newcombe((56 / 70, 0.6918, 0.8769), (48 / 80, 0.4904, 0.7003))]
    [0.2, 0.052, 0.334]
    """
    gap = p[0] - q[0]
    below = math.hypot(p[0] - p[1], q[2] - q[0])
    above = math.hypot(p[2] - p[0], q[0] - q[1])
    return gap, gap - below, gap + above


def shown(row: Row, found: Found | None) -> tuple[str, ...]:
    """Return our values as text: to the printed digits where they agree, to one more where they do not, with intervals.

    Examples
    --------
    >>> from foedus.studies.validate_spec import chosen
    >>> shown(chosen(["15.s"])[0], Found.of(0.4, 4 / 9))
    ('0.4', '0.444444')
    """
    if found is None:
        return ()
    out = []
    for k, (printed, value) in enumerate(zip(row.published, found.values, strict=True)):
        span = found.spans[k] if found.spans else None
        if isinstance(value, str):
            out.append(value)
            continue
        digits = _digits(printed, value, span)
        text = _plain(value, digits)
        out.append(text if span is None else f"{text} [{_plain(span[0], digits)}, {_plain(span[1], digits)}]")
    return tuple(out)


def _digits(printed: str, value: float, span: Span | None) -> int:
    """Return how many decimals of a value are shown."""
    places, own = decimals(printed), _significant(value, span)
    if places is None:
        return own
    same = _equal(printed, value)
    if span is None:
        return places + (not same and (places != 0 or value != int(value)))
    return max(places, own) if same else max(own, min(places, own + 1))


def _significant(value: float, span: Span | None) -> int:
    """Return decimals of a number: two digits of its interval's width, and two decimals at least below 10; three digits without an interval."""
    if span is None:
        return 0 if value == int(value) else max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
    width = span[1] - span[0]
    if not 0 < width < math.inf:
        return 2
    return max(2 if abs(value) < 10 else 0, min(6, 1 - math.floor(math.log10(width))))


def _plain(value: float, digits: int) -> str:
    """Return a number with a fixed number of decimals, without a minus before zero; an end that is infinite as a word."""
    if not math.isfinite(value):
        return "none" if value > 0 else "-none"
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text

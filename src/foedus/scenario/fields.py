"""Kinds of value in a scenario file, as pydantic annotations: text, ids, words, days, real and uncertain numbers.

Each kind says what it expects in words a user can act on, and writes itself into the JSON Schema. No kind converts silently: an integer may stand
for a real number, nothing else for anything else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from foedus.errors import ParameterError
from foedus.scenario import limits
from foedus.system.values import Quantity

Schema = dict[str, Any]


def _readable(text: str) -> str:
    """Return ``text``, refusing characters that cannot be seen."""
    if found := limits.FORBIDDEN.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise PydanticCustomError(
            "characters", "", {"expected": f"no control, invisible or direction-changing characters (found {code})"}
        )
    return text


def _named(text: str) -> str:
    """Return ``text``, refusing blank ends."""
    if text != text.strip():
        raise PydanticCustomError("blank", "", {"expected": "no space at its start or end"})
    return text


@dataclass(frozen=True)
class Words:
    """One of a fixed list of words."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return pydantic's own literal schema."""
        return core_schema.literal_schema(list(self.words))


@dataclass(frozen=True)
class Number:
    """A real number within bounds; ``uncertain`` admits ``[low, high]`` and ``{mean, sd}`` and gives a `Quantity`."""

    low: float
    high: float
    uncertain: bool = True

    @property
    def expected(self) -> str:
        """What a user should write."""
        forms = "a number, [low, high] or { mean, sd }" if self.uncertain else "a number"
        return f"{forms} from {self.low:g} to {self.high:g}"

    def read(self, raw: Any) -> Quantity | float:
        """Return the number, or raise what pydantic reports."""
        if (
            not self.uncertain
            and not isinstance(raw, Quantity)
            and (isinstance(raw, bool) or not isinstance(raw, int | float))
        ):
            raise PydanticCustomError("number", "", {"expected": self.expected})
        try:
            value = Quantity.of(raw, bounds=(self.low, self.high))
        except (ParameterError, ArithmeticError, ValueError):
            raise PydanticCustomError("number", "", {"expected": self.expected}) from None
        return value if self.uncertain else value.low

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return a plain validator."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        """Return the admitted forms."""
        point: Schema = {"type": "number", "minimum": self.low, "maximum": self.high}
        if not self.uncertain:
            return point
        pair: Schema = {"type": "array", "items": point, "minItems": 2, "maxItems": 2}
        normal: Schema = {
            "type": "object", "properties": {"mean": point, "sd": {"type": "number", "minimum": 0}},
            "required": ["mean", "sd"], "additionalProperties": False,
        }  # fmt: skip
        return {"anyOf": [point, pair, normal]}


@dataclass(frozen=True)
class DayKind:
    """A TOML date without a time."""

    def read(self, raw: Any) -> dt.date:
        """Return the day, or raise what pydantic reports."""
        if type(raw) is not dt.date or not limits.FIRST_DAY <= raw <= limits.LAST_DAY:
            years = f"{limits.FIRST_DAY.year} to {limits.LAST_DAY.year}"
            raise PydanticCustomError(
                "day", "", {"expected": f"a date such as 1914-07-28, without quotes or time, in the years {years}"}
            )
        return raw

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return a plain validator."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        """Return JSON's nearest form."""
        return {"type": "string", "format": "date"}


_CAPABILITY = limits.CAPABILITY_BOUNDS
Day = Annotated[dt.date, DayKind()]
Text = Annotated[str, Field(max_length=limits.MAX_TEXT), AfterValidator(_readable)]
Name = Annotated[
    str, Field(min_length=1, max_length=limits.MAX_NAME), AfterValidator(_readable), AfterValidator(_named)
]
ScenarioId = Annotated[str, Field(pattern=f"^{limits.SCENARIO_ID}$")]
SourceId = Annotated[str, Field(pattern=f"^{limits.SOURCE_ID}$")]
ActorId = Annotated[str, Field(pattern=f"^{limits.ACTOR_ID}$")]
PactId = Annotated[str, Field(pattern=f"^{limits.PACT_ID}$")]
FactionId = Annotated[str, Field(pattern=f"^{limits.FACTION_ID}$")]
Url = Annotated[str, Field(pattern=f"^({limits.URL})?$"), AfterValidator(_readable)]
Code = Annotated[int, Field(ge=1, le=99_999)]
Year = Annotated[int, Field(ge=limits.FIRST_DAY.year, le=limits.LAST_DAY.year)]
Share = Annotated[Quantity, Number(*limits.SHARE)]
Strength = Annotated[Quantity, Number(*limits.STRENGTH)]
Factor = Annotated[Quantity, Number(*limits.FACTOR)]
Latitude = Annotated[float, Number(-90.0, 90.0, uncertain=False)]
Longitude = Annotated[float, Number(-180.0, 180.0, uncertain=False)]
Gdp = Annotated[
    Quantity,
    Number(*_CAPABILITY["gdp"]),
    Field(description="billion international dollars, one base for the whole file"),
]
Population = Annotated[Quantity, Number(*_CAPABILITY["population"]), Field(description="millions")]
Personnel = Annotated[Quantity, Number(*_CAPABILITY["personnel"]), Field(description="thousands under arms")]
Cinc = Annotated[Quantity, Number(*_CAPABILITY["cinc"]), Field(description="composite index, share of the world")]
SourceIds = Annotated[list[SourceId], Field(max_length=limits.MAX_ITEMS)]
ActorIds = Annotated[list[ActorId], Field(max_length=limits.COUNTS["actor"])]

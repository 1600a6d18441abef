"""What a sweep can vary: facts of a system through its edits, switches, and named parameters of the models.

A key is written as scenario files and ``--what-if`` write it: ``actor[IRN].regime``, ``tie[AUH-SER:rivalry].strength``, ``strengthen:RUS``,
``void:PACT``, ``what-if:NAME``, ``joining.contest.decisiveness``. Only facts that the system states are keys: one that is unknown is given first,
by an edit. Runs nothing.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foedus import params as parameters
from foedus.errors import FoedusError, ParameterError, message, parameter
from foedus.scenario import limits
from foedus.system import edits
from foedus.system.assumed import sourced
from foedus.system.lookup import find_pact, strength_bounds
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foedus.params import Params
    from foedus.scenario.scenario import Scenario, WhatIf
    from foedus.system.edits import Edit
    from foedus.system.system import System

SWITCHES = ("void", "withdraw", "drop", "what-if", "remove")
"""Keys that are off at 0 and on at 1, in the order in which they are applied, after all others."""
SCALES = {"strengthen": limits.FACTOR, "weaken": limits.SHARE}
LISTED = 10
"""Keys of a kind that a message lists."""
_FORM = "KEY=FROM:TO:N, such as strengthen:RUS=0.5:2:5, or KEY=FROM:TO with a design that needs no levels"
_FACT = re.compile(r"^(actor|tie|pact)\[([^\[\]]+)\]\.(?:faction\[([^\[\]]+)\]\.)?([a-z.]+)$")


@dataclass(frozen=True, slots=True)
class Vary:
    """One key with the ends of its range and, for grids, how many values it takes."""

    key: str
    low: float
    high: float
    levels: int | None = None

    @classmethod
    def of(cls, text: str | Vary) -> Vary:
        """Return what ``KEY=FROM:TO:N`` means.

        Raises
        ------
        ParameterError
            Not of that form, ends that are no numbers in order, or fewer than two levels.

        Examples
        --------
        >>> Vary.of("strengthen:RUS=0.5:2:4")
        Vary(key='strengthen:RUS', low=0.5, high=2.0, levels=4)
        """
        if isinstance(text, Vary):
            return text
        key, _, span = text.rpartition("=")
        parts = span.split(":")
        try:
            low, high = float(parts[0]), float(parts[1])
            levels = int(parts[2]) if len(parts) == 3 else None
        except (ValueError, IndexError) as error:
            raise parameter("vary", text, _FORM) from error
        if not key or len(parts) > 3 or not (math.isfinite(low) and math.isfinite(high)) or not low < high:
            raise parameter("vary", text, f"{_FORM}, with FROM below TO")
        if levels is not None and levels < 2:
            raise parameter("vary", text, "at least 2 levels")
        return cls(key.strip(), low, high, levels)

    def __str__(self) -> str:
        return f"{self.key}={self.low:g}:{self.high:g}" + (f":{self.levels}" if self.levels else "")


@dataclass(frozen=True)
class Handle:
    """A key understood: its full name, the numbers that it admits, and what it is.

    ``kind`` is ``param`` (``where`` is model and path), one of `SWITCHES`, one of `SCALES`, or ``fact``; ``where`` then holds the ids.
    """

    name: str
    kind: str
    where: tuple[str, ...]
    bounds: tuple[float, float]
    edits: tuple[Edit, ...] = ()

    @property
    def switch(self) -> bool:
        """Whether it is off or on."""
        return self.kind in SWITCHES


def handles(
    varied: Sequence[Vary], system: System, scenario: Scenario | None, read: Mapping[tuple[str, str], tuple[float, float]]
) -> tuple[Handle, ...]:  # fmt: skip
    """Return what each key means in a system.

    Parameters
    ----------
    varied : sequence of Vary
    system : System
    scenario : Scenario or None
        For its what-ifs.
    read : mapping
        Parameters that the analysis reads, by model and path, and their intervals.

    Raises
    ------
    ParameterError
        A key that is none, named twice, or a range outside what it admits; lists keys that there are.
    """
    found: list[Handle] = []
    for one in varied:
        try:
            handle = _handle(one.key, system, scenario, read)
        except (FoedusError, KeyError, ValueError) as error:
            raise _unknown(one.key, system, scenario, read, error) from error
        if any(h.name == handle.name for h in found):
            raise parameter("vary", one.key, "every key once", f"{handle.name} is named twice")
        low, high = handle.bounds
        if not low <= one.low or not one.high <= high:
            raise parameter("vary", str(one), f"a range within [{low:g}, {high:g}] for {handle.name}")
        if handle.switch and (one.low, one.high, one.levels or 2) != (0.0, 1.0, 2):
            raise parameter("vary", str(one), f"{handle.name}=0:1:2: it is off (0) or on (1)")
        found.append(handle)
    if not found:
        raise parameter("vary", [], f"at least one {_FORM}")
    return tuple(found)


def keys_of(
    system: System, scenario: Scenario | None = None, read: Mapping[tuple[str, str], tuple[float, float]] | None = None
) -> tuple[str, ...]:  # fmt: skip
    """Return every key that a system, its scenario and an analysis have.

    Examples
    --------
    >>> import foedus as fd
    >>> keys_of(fd.load("europe-1914"))[:2]
    ('strengthen:GMY', 'weaken:GMY')
    """
    out: list[str] = []
    for a in system.actors:
        out += [f"{verb}:{a.id}" for verb in SCALES if a.capability]
        out += [f"actor[{a.id}].capability.{part}" for part, _ in a.capability]
        out += [f"actor[{a.id}].{name}" for name in ("regime", "control") if getattr(a, name) is not None]
        out += [f"actor[{a.id}].faction[{f.id}].weight" for f in a.factions]
        out.append(f"remove:{a.id}")
    out += [f"tie[{t.a}-{t.b}:{t.reason}].strength" for t in system.active_ties()]
    for p in system.active_pacts():
        out += [f"pact[{p.id}].strength"] if p.strength is not None else []
        out.append(f"void:{p.id}")
    out += [
        f"drop:{kind}"
        for kind in ("alignment", "guarantee", "intervention")
        if any(p.kind == kind for p in system.active_pacts())
    ]
    out += [f"what-if:{w.name}" for w in (scenario.what_ifs if scenario else ()) if _throwable(w, system)]
    return (*dict.fromkeys(out), *(f"{m}.{name}" for m, name in sorted(read or {})))


def edited(system: System, chosen: Sequence[Handle], values: Sequence[float]) -> System:
    """Return the system with every fact set and every switch that is on thrown: facts first, then switches in the order of `SWITCHES`."""
    pairs = [(h, float(v)) for h, v in zip(chosen, values, strict=True) if h.kind != "param"]
    for handle, value in sorted(pairs, key=lambda hv: SWITCHES.index(hv[0].kind) if hv[0].switch else -1):
        system = (
            (edits.apply_all(system, handle.edits) if value >= 0.5 else system)
            if handle.switch
            else _set(system, handle, value)
        )
    return system


def tables_with(chosen: Sequence[Handle], values: Sequence[float], tables: Mapping[str, Params]) -> dict[str, Params]:
    """Return the parameter tables that stand in at a point; ``tables`` are a user's own."""
    out = dict(tables)
    for handle, value in zip(chosen, values, strict=True):
        if handle.kind == "param":
            model, name = handle.where
            out[model] = (out.get(model) or parameters.load(model)).having({name: float(value)})
    return out


def _handle(
    key: str, system: System, scenario: Scenario | None, read: Mapping[tuple[str, str], tuple[float, float]]
) -> Handle:  # fmt: skip
    """Return what one key means; anything that it raises means that it is none."""
    if found := _FACT.match(key):
        return _fact(system, *found.groups())
    model, _, path = key.partition(".")
    if (model, path) in read:
        return Handle(key, "param", (model, path), _same_sign(read[model, path]))
    verb, _, rest = key.partition(":")
    if verb in SCALES:
        actor = system.actor(rest)
        if not actor.capability:
            raise ParameterError(f"{actor.id} has no known capability")
        return Handle(f"{verb}:{actor.id}", verb, (actor.id,), SCALES[verb])
    if verb == "what-if" and scenario is not None:
        what = {w.name: w for w in scenario.what_ifs}[rest]
        if not _throwable(what, system):
            raise ParameterError(
                "a what-if that leaves out events or has a date of its own is compared with foedus compare"
            )
        return Handle(key, verb, (rest,), (0.0, 1.0), what.edits)
    name, edit = _thrown(system, verb, rest)
    edit.apply(system)
    return Handle(f"{verb}:{name}", verb, (name,), (0.0, 1.0), (edit,))


def _throwable(what: WhatIf, system: System) -> bool:
    """Whether a what-if is edits of the system as it is."""
    return not what.skip_events and (what.date or system.date) == system.date


def _thrown(system: System, verb: str, rest: str) -> tuple[str, Edit]:
    """Return the id of what a switch is about and what it does when it is on."""
    match verb:
        case "void":
            pact = find_pact(system, rest).id
            return pact, edits.VoidPact(pact)
        case "remove":
            actor = system.actor(rest).id
            return actor, edits.RemoveActor(actor)
        case "withdraw":
            actor = system.actor(rest).id
            return actor, edits.Withdraw(actor)
        case "drop":
            return rest, edits.DropLayer(rest)
        case _:
            raise KeyError(verb)


def _fact(system: System, noun: str, which: str, faction: str | None, field: str) -> Handle:
    """Return what a path to a fact means."""
    if noun == "actor":
        actor = system.actor(which)
        if faction is not None:
            ids = {f.id: f for f in actor.factions}
            name = f"actor[{actor.id}].faction[{ids[faction].id}].{_only(field, 'weight')}"
            return Handle(name, "fact", ("faction", actor.id, faction), limits.SHARE)
        head, _, part = field.partition(".")
        if head == "capability":
            dict(actor.capability)[part]
            return Handle(
                f"actor[{actor.id}].{field}", "fact", ("capability", actor.id, part), limits.CAPABILITY_BOUNDS[part]
            )
        if getattr(actor, {"regime": "regime", "control": "control"}[field]) is None:
            raise ParameterError(f"{field} of {actor.id} is not known")
        return Handle(f"actor[{actor.id}].{field}", "fact", (field, actor.id), limits.SHARE)
    _only(field, "strength")
    if noun == "pact":
        pact = find_pact(system, which)
        if pact.strength is None:
            raise ParameterError(f"{pact.id} states no strength")
        return Handle(f"pact[{pact.id}].strength", "fact", ("pact", pact.id), limits.SHARE)
    pair, _, reason = which.rpartition(":")
    a, b = (system.actor(x).id for x in pair.split("-"))
    tie = next((t for t in system.active_ties() if t.reason == reason and {t.a, t.b} == {a, b}), None)
    if tie is None:
        raise ParameterError(f"no tie of {reason} between {a} and {b}")
    return Handle(
        f"tie[{tie.a}-{tie.b}:{reason}].strength", "fact", ("tie", tie.a, tie.b, reason), strength_bounds(reason)
    )


def _only(field: str, wanted: str) -> str:
    """Return the field if it is the one that there is."""
    if field != wanted:
        raise ParameterError(f"{field} is no number that can be varied; {wanted} is")
    return field


def _set(system: System, handle: Handle, value: float) -> System:
    """Return the system with one fact at a point."""
    kind, who, *rest = handle.where if handle.kind == "fact" else (handle.kind, *handle.where)
    point = Quantity.of(value)
    match kind:
        case "capability":
            return edits.AmendActor(who, ((rest[0], point),)).apply(system)
        case "regime":
            return edits.AmendActor(who, regime=point).apply(system)
        case "control":
            return edits.AmendActor(who, control=point).apply(system)
        case "tie":
            return edits.ChangeTie(who, rest[0], rest[1], point).apply(system)
        case "pact":
            return edits.AmendPact(who, strength=point).apply(system)
        case "strengthen":
            return edits.Strengthen(who, point).apply(system)
        case "weaken":
            return edits.Weaken(who, point).apply(system)
        case _:
            return _weigh(system, who, rest[0], point)


def _weigh(system: System, who: str, which: str, point: Quantity) -> System:
    """Return the system with the weight of one faction at a point."""
    system, sources = sourced(system, ())
    actor = system.actor(who)
    factions = tuple(
        replace(f, weight=point, sources=(*f.sources, *sources)) if f.id == which else f for f in actor.factions
    )
    new = replace(actor, factions=factions)
    return system.with_(actors=tuple(new if a is actor else a for a in system.actors))


def _same_sign(interval: tuple[float, float]) -> tuple[float, float]:
    """Return the numbers on the side of zero on which a parameter's interval lies, zero itself only where the interval holds it."""
    low, high = interval
    least = math.ulp(0.0)
    return (least if low > 0 else 0.0 if low == 0 else -1e15), (
        -least if high < 0 else 0.0 if high == 0 and low < 0 else 1e15
    )


def _unknown(
    key: str, system: System, scenario: Scenario | None, read: Mapping[tuple[str, str], tuple[float, float]], error: Exception
) -> ParameterError:  # fmt: skip
    """Return the error for a key that is none."""
    there = keys_of(system, scenario, read)
    near = difflib.get_close_matches(key, there, n=5, cutoff=0.5)
    kinds = {
        "facts": [k for k in there if k.startswith(("actor[", "tie[", "pact["))], "scales": [k for k in there if k.partition(":")[0] in SCALES],
        "switches": [k for k in there if k.partition(":")[0] in SWITCHES],
        "parameters that this analysis reads": [f"{m}.{n}" for m, n in sorted(read)],
    }  # fmt: skip
    lines = [f"{what}: {', '.join(names[:LISTED])}" + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
             for what, names in kinds.items() if names]  # fmt: skip
    why = "" if isinstance(error, KeyError) else str(error).split("\n", maxsplit=1)[0]
    hint = (f"did you mean {', '.join(near)}? " if near else "") + "foedus sweep SCENARIO --keys lists them all"
    got = f"{key!r}" + (f" ({why.rstrip('.')})" if why else "")
    return ParameterError(
        message("Unknown key", got=got, where="\n  ".join(["those that there are", *lines]), hint=hint)
    )

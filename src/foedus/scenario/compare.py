"""`compare`: two systems on common random numbers, and the interval of the difference.

Uncertain numbers and chances are drawn by what they belong to, so the two arms differ only where the edit reaches. Compares wars, blocs or ledgers;
which arm is better is not for this module to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.system.edits import Editor
from foedus.war.simulate import INNER, war

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from foedus.blocs.result import Blocs
    from foedus.params import Params
    from foedus.system.system import System
    from foedus.war.result import War

Of = Literal["war", "blocs", "security"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One quantity in both arms, and second less first with its interval; ``None`` where an arm lacks it.

    ``actor`` is whom it concerns, empty for the whole system; ``arms`` holds both quantities with their own intervals.
    """

    quantity: str
    first: float | None
    second: float | None
    change: Estimate | None
    actor: str = ""
    arms: tuple[Estimate | None, Estimate | None] = (None, None)

    @property
    def clear(self) -> bool | None:
        """Whether the interval of the change leaves out no change; None where there is no interval."""
        return None if self.change is None else self.change.low > 0 or self.change.high < 0


@dataclass(frozen=True)
class Comparison:
    """Differences between two systems, second less first.

    ``rows`` concern the whole system, ``actors`` one actor each; the two of a war's first shot are in it either way and have no row. ``note`` says
    what the interval covers. ``wars`` and ``line_ups`` hold both arms of a comparison of wars or blocs.
    """

    first: System
    second: System
    of: Of
    edits: tuple[str, ...]
    rows: tuple[Difference, ...]
    actors: tuple[Difference, ...]
    draws: int
    seed: int
    note: str
    wars: tuple[War, War] | None = None
    line_ups: tuple[Blocs, Blocs] | None = None

    def table(self) -> pl.DataFrame:
        """Return one row a difference, whole system first."""
        import polars as pl

        rows = [
            {"quantity": d.quantity, "first": d.first, "second": d.second, "change": d.change.mean if d.change else None,
             "low": d.change.low if d.change else None, "high": d.change.high if d.change else None}
            for d in (*self.rows, *self.actors)
        ]  # fmt: skip
        return pl.DataFrame(
            rows,
            schema={"quantity": pl.String} | dict.fromkeys(("first", "second", "change", "low", "high"), pl.Float64),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {"of": self.of, "edits": list(self.edits), "differences": self.table().to_dicts(), "draws": self.draws, "seed": self.seed,
                "note": self.note, "first": self.first.hash, "second": self.second.hash}  # fmt: skip


def compare(
    first: System, second: System | Editor, *, of: Of = "war", attacker: str | None = None, target: str | None = None, actor: str | None = None,
    draws: int = 10_000, seed: int = 1, workers: int = 1, table: Params | None = None, progress: Callable[[float], None] | None = None,
) -> Comparison:  # fmt: skip
    """Return what changes from one system to another.

    Parameters
    ----------
    first : System
    second : System or Editor
        The other system, or the first one's edits.
    of : {"war", "blocs", "security"}
        Wars need ``attacker`` and ``target``; security takes ``actor`` (all by default).
    attacker, target : str, optional
        First shot of the war.
    actor : str, optional
        Whose security; everybody's without it.
    draws, seed, workers
        As `foedus.war.simulate.war`.
    table : Params, optional
        Another table of reasons.
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    Comparison

    Raises
    ------
    ParameterError
        ``of`` is not one of the three, or a war without its flashpoint.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> c = fd.compare(s, s.edit().void("franco-russian-alliance"), of="war", attacker="AUH", target="SER", draws=500)
    >>> c.rows[0].quantity
    'number of belligerents'
    """
    edits = tuple(e.describe() for e in second.edits) if isinstance(second, Editor) else ()
    other = second.system if isinstance(second, Editor) else second
    if of == "war":
        if attacker is None or target is None:
            raise parameter("attacker", None, "an attacker and a target for a comparison of wars")
        return _wars(first, other, edits, attacker, target, draws, seed, workers, table, progress)
    if of == "blocs":
        return _blocs(first, other, edits, draws, seed, table)
    if of == "security":
        return _security(first, other, edits, actor, draws, seed, table)
    raise parameter("of", of, "war, blocs or security")


def _wars(
    first: System, second: System, edits: tuple[str, ...], attacker: str, target: str, draws: int, seed: int, workers: int, table: Params | None,
    progress: Callable[[float], None] | None,
) -> Comparison:  # fmt: skip
    """Compare simulated wars from one flashpoint."""

    def half(base: float) -> Callable[[float], None] | None:
        tell = progress
        return None if tell is None else lambda share: tell(base + share / 2)

    a = war(first, attacker, target, draws=draws, seed=seed, workers=workers, table=table, progress=half(0.0))
    b = war(second, attacker, target, draws=draws, seed=seed, workers=workers, table=table, progress=half(0.5))
    return compare_wars(a, b, edits)


def compare_wars(a: War, b: War, edits: tuple[str, ...] = ()) -> Comparison:
    """Return what changes from one simulated war to another of the same first shot, seed and draws.

    Parameters
    ----------
    a, b : War
        All of whose draws were kept.
    edits : tuple of str
        What sets the systems apart, in words.
    """
    first, second = a.system, b.system

    def alone(name: str, x: np.ndarray, *, first: bool) -> Difference:
        arm, mean = nested(x[:, None].astype(float), INNER)[0], float(x.mean())
        text = f"{name} at war"
        return (
            Difference(text, mean, None, None, name, (arm, None))
            if first
            else Difference(text, None, mean, None, name, (None, arm))
        )

    rows = (
        paired("number of belligerents", a.counts, b.counts), paired("anybody joins", a.counts > 2, b.counts > 2),
        paired("half of all capability at war", a.share >= 0.5, b.share >= 0.5), paired("capability at war", a.share, b.share),
        paired("attacker's side prevails", a.won, b.won),
    )  # fmt: skip
    actors = []
    for k, name in enumerate(first.ids):
        if name in (a.attacker, a.target):
            continue
        if name in second.index:
            actors.append(paired(f"{name} at war", a.side[:, k] > 0, b.side[:, second.index[name]] > 0, name))
        else:
            actors.append(alone(name, a.side[:, k] > 0, first=True))
    actors += [alone(n, b.side[:, k] > 0, first=False) for k, n in enumerate(second.ids) if n not in first.index]
    actors.sort(key=lambda d: -abs(d.change.mean) if d.change else 0.0)
    note = "simulated on common random numbers; 90 % intervals over uncertain inputs, assumed strengths of ties and fitted rates"
    if set(first.ids) != set(second.ids):
        note += "; capability is shared among the actors of each arm, who are not the same, so that shares of it do not compare"
    return Comparison(first, second, "war", edits, rows, tuple(actors), a.draws, a.seed, note, (a, b))


def paired(name: str, x: np.ndarray, y: np.ndarray, actor: str = "") -> Difference:
    """Return a quantity of the wars of both arms, drawn on the same random numbers, and the second less the first."""
    change = nested(y[:, None].astype(float) - x[:, None], INNER, shares=False)[0]
    arms = [nested(v[:, None].astype(float), INNER)[0] for v in (x, y)]
    return Difference(name, float(x.mean()), float(y.mean()), change, actor, (arms[0], arms[1]))


def _blocs(
    first: System, second: System, edits: tuple[str, ...], draws: int, seed: int, table: Params | None
) -> Comparison:
    """Compare line-ups: frustration at the centre, and each actor's chance to stand with its bloc of the first system."""
    from foedus.blocs.solve import blocs

    draws = min(draws, 1000)
    a, b = blocs(first, draws=draws, seed=seed, table=table), blocs(second, draws=draws, seed=seed, table=table)
    rows = (
        Difference("tie weight frustrated, share", _share(a.two.value, a.total), _share(b.two.value, b.total), None),
    )
    actors = []
    for name, head in ((n, h) for n in first.ids for h in [a.names[int(a.two.label[first.index[n]])]]):
        if name in second.index and head in second.index and name != head:
            x = float(a.together[first.index[name], first.index[head]])
            y = float(b.together[second.index[name], second.index[head]])
            arms = _shared(x, draws), _shared(y, draws)
            actors.append(Difference(f"{name} with {head}", x, y, Estimate(y - x, *_binomial(x, y, draws)), name, arms))
    actors.sort(key=lambda d: -abs(d.change.mean) if d.change else 0.0)
    note = "shares of draws; intervals cover simulation only, as each share already averages over uncertain inputs"
    return Comparison(first, second, "blocs", edits, rows, tuple(actors), draws, seed, note, line_ups=(a, b))


def _security(
    first: System, second: System, edits: tuple[str, ...], actor: str | None, draws: int, seed: int, table: Params | None
) -> Comparison:  # fmt: skip
    """Compare the chance a year of each actor to be attacked and beaten."""
    from foedus.security.hazard import threats
    from foedus.security.spared import any_of

    draws = min(draws, 400)
    worlds = [threats(s, seed=seed, draws=draws, table=table) for s in (first, second)]
    chosen = [first.actor(actor).id] if actor else [n for n in first.ids if n in second.index]
    actors = []
    for name in chosen:
        x, y = (
            any_of(w.hazard(s.index[name]) * (1 - w.hold(s.index[name])))
            for w, s in zip(worlds, (first, second), strict=True)
        )
        text = f"{name} attacked and beaten, a year"
        actors.append(Difference(text, float(x.mean()), float(y.mean()), drawn(y - x), name, (drawn(x), drawn(y))))
    actors.sort(key=lambda d: -abs(d.change.mean) if d.change else 0.0)
    return Comparison(
        first,
        second,
        "security",
        edits,
        (),
        tuple(actors),
        draws,
        seed,
        "derived from the fitted onset and rates of joining, and an assumed contest; 90 % intervals over draws",
    )


def _share(value: float, total: float) -> float | None:
    """Return a share, None where there is nothing to share."""
    return value / total if total else None


def _shared(x: float, draws: int) -> Estimate:
    """Return a share of draws with the interval of its simulation."""
    error = float(np.sqrt((x * (1 - x) + 1 / draws) / draws))
    return Estimate(x, max(0.0, x - 1.645 * error), min(1.0, x + 1.645 * error), error)


def _binomial(x: float, y: float, draws: int) -> tuple[float, float, float]:
    """Return (low, high, standard error) of the difference of two shares of ``draws`` draws, taken as independent (wider than paired)."""
    error = float(np.sqrt((x * (1 - x) + y * (1 - y) + 1 / draws) / draws))
    return y - x - 1.645 * error, y - x + 1.645 * error, error

"""``foedus weak-and-rich``: who is exposed beyond its strength though rich, and on whom it leans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.cli.commands import Source
from foedus.cli.common import emit, say, show, tie_table

if TYPE_CHECKING:
    from foedus.estimate.nested import Estimate
    from foedus.security.weak_result import Exposed


def weak_and_rich(
    source: Source,
    *,
    every: bool = False,
    richer_than: float = 0.75,
    draws: int = 100,
    seed: int = 1,
    json: bool = False,
) -> None:
    """Who could not hold alone at a price that states bear, though rich, and on whom it leans.

    Parameters
    ----------
    every
        Show every actor, not only the weak and rich.
    richer_than
        Rich is whose product a head is above this share of the system's.
    draws
        Draws of uncertain inputs.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    import polars as pl

    from foedus.security.weak_and_rich import weak_and_rich as found_in

    found = found_in(
        source.read().system, data_dir=source.data_dir, richer_than=richer_than, draws=draws, seed=seed, table=tie_table(source.tie_table)
    )  # fmt: skip
    if json:
        emit(found.to_dict())
        return
    say(f"{found.system.title}: {found.basis}. {draws} draws, seed {seed}.")
    say(f"Rich: more a head than {richer_than:.0%} of the system.")
    chosen = sorted(found.actors, key=lambda x: -(x.ratio.mean if x.ratio else 0.0)) if every else found.listed
    rows = [_row(x) for x in chosen]
    show(
        "Every actor: exposure" if every else f"Weak and rich: {len(found.listed)}. Exposure",
        pl.DataFrame([{k: r[k] for k in _EXPOSURE} for r in rows], schema=dict.fromkeys(_EXPOSURE, pl.String)), rows=250, of=found.system,
    )  # fmt: skip
    say(
        "Against: the strongest of its neighbours and enemies (* hostile); x own: strength that one can bring over its own; a head: dollars; people: "
        "millions. 90 % intervals."
    )
    show(
        "What it would cost to match, and who would bring most",
        pl.DataFrame([{k: r[k] for k in _PRICE} for r in rows], schema=dict.fromkeys(_PRICE, pl.String)), rows=250, of=found.system,
    )  # fmt: skip
    say(
        "x borne: share of its product that would match what one of them spends and can bring, over the largest share that states bear; beyond: "
        "draws in which that is above 1; leans: % of all strength it could count on that its protector would bring. 90 % intervals. Protector: who "
        "would bring most of those that a coded pledge, sponsorship or alignment ties to it, not the one it is measured against; agreements that are "
        "not public, bases and troops abroad are in no data set of a real date."
    )
    lean = "; ".join(f"{k} {_percent(e)}" for k, e in found.lean.items())
    say(
        f"Mean dependence on the largest protector, %: {lean}. Weak and rich less the other weak: {_percent(found.difference)} points."
    )
    if found.unknown:
        say(
            f"Not known of {len(found.unknown)}: {', '.join(found.unknown[:20])}"
            + (f" and {len(found.unknown) - 20} more" if len(found.unknown) > 20 else ""),
            of=found.system,
        )
    for limit in found.limits[:12]:
        say(f"  - {limit}")


_EXPOSURE = ("actor", "against", "x own", "a head", "people")
_PRICE = ("actor", "x borne", "beyond", "protector", "leans")
_COLUMNS = (*_EXPOSURE, *_PRICE[1:])


def _row(a: Exposed) -> dict[str, str]:
    """Return one actor as a row."""
    from foedus.security.weak_and_rich import SURE

    unknown = "unknown"
    return dict(zip(_COLUMNS, (
        a.actor, (a.against or "nobody") + ("*" if (a.hostile or 0) >= SURE else ""), _short(a.ratio) if a.ratio else "-" if a.weak == 0 else unknown,
        _hundreds(a.per_head.mean) if a.per_head else unknown, _number(a.people) if a.people is not None else unknown,
        _short(a.times) if a.times else "-", f"{a.unaffordable:.0%}" if a.unaffordable is not None else unknown, a.protector or "nobody",
        _percent(a.leans),
    ), strict=True))  # fmt: skip


def _number(x: float) -> str:
    """Return a number at two digits or so, without an exponent."""
    return f"{x:.0f}" if abs(x) >= 9.5 else f"{x:.1f}" if abs(x) >= 0.095 else f"{x:.2f}"


def _hundreds(x: float) -> str:
    """Return dollars to three digits, since more are noise of the draws."""
    return f"{float(f'{x:.3g}'):,.0f}"


def _short(e: Estimate) -> str:
    """Return a number with its interval, briefly."""
    return f"{_number(e.mean)} [{_number(e.low)},{_number(e.high)}]"


def _percent(e: Estimate | None) -> str:
    """Return a share with its interval, in per cent."""
    return "-" if e is None else f"{_number(100 * e.mean)} [{_number(100 * e.low)},{_number(100 * e.high)}]"

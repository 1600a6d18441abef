"""``foedus fight``: who would fight how much at the equilibrium of a war's network, and what a change would do; the Congo case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress, say, show, tie_table
from foedus.report.words import bracket, percent, points
from foedus.studies.meant import Meant, resolve, without_layers
from foedus.studies.meant import what_if as understood

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.security.fight import Fight
    from foedus.security.fighting_edits import FightingEdit
    from foedus.security.fighting_worlds import Effect, Ranged
    from foedus.studies.congo import Congo
    from foedus.system.system import System

NOTE = "beta and gamma were estimated on 80 armed groups of the Second Congo War: their use here is an extrapolation"
EDITS = "pacify:ACTOR:ACTOR, embargo:ACTOR or embargo:ACTOR:FACTOR"


def fight(
    *, in_: Annotated[str | None, Parameter(name=["--in"])] = None, congo: bool = False, around: str | None = None, actors: str | None = None,
    whole: bool = False, help_by: str | None = None, what_if: str | None = None, pairs: int = 3,
    data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None,
    date: str | None = None, without: str | None = None, draws: int | None = None, seed: int = 1,
    tie_table_: Annotated[Path | None, Parameter(name=["--tie-table"])] = None, json: bool = False,
) -> None:  # fmt: skip
    """Who would fight how much at the equilibrium of a war's network, and what a change would do.

    Parameters
    ----------
    in_
        A bundled scenario, a TOML file, a year or a date.
    congo
        The war on which the model was estimated, instead of a system; needs the article's files in --data-dir.
    around
        The war that this actor is in (default: the one with most actors).
    actors
        Who fights, separated by commas (default: those at war with two others of the war's core or more).
    whole
        Everyone in the war, also those with one enemy in it.
    help_by
        What makes allies, separated by commas: sponsorship, alignment, intervention (the default three), defense, offense, interest.
    what_if
        A what-if of the scenario, an edit such as remove:ACTOR, or one of this model: pacify:ACTOR:ACTOR, embargo:ACTOR,
        embargo:ACTOR:FACTOR.
    pairs
        Removals of two actors to be tried, of those that reduce the fighting most.
    data_dir
        Folder with the published data files.
    date
        Date to which a scenario is taken.
    without
        Layers to switch off, separated by commas: guarantee, alignment, intervention.
    draws
        Draws of uncertain inputs (default: 400, and 100 for --congo).
    seed
        The same seed gives the same numbers.
    tie_table_
        Your own table of reasons.
    json
        Print JSON.
    """
    if congo == (in_ is not None):
        raise bad_option(
            "foedus fight takes a system or the Congo case",
            "foedus fight --in middle-east-2015, or foedus fight --congo --data-dir DATA",
        )
    if congo:
        if what_if or around or actors or whole or help_by:
            raise bad_option(
                "--congo holds all of its groups", "leave out --around, --actors, --whole, --help-by and --what-if"
            )
        _congo(data_dir, draws or 100, seed, json=json)
        return
    from foedus.security.fight import fight as solve
    from foedus.security.fighting_system import HELP

    meant = without_layers(resolve(str(in_), data_dir=data_dir, date=date, table=tie_table(tie_table_)), without)
    named = [a.strip() for a in actors.split(",")] if actors else None
    kinds = [k.strip() for k in help_by.split(",")] if help_by is not None else HELP

    def solved(system: System, *, edits: bool) -> Fight:
        return solve(
            system,
            actors=named,
            around=around,
            whole=whole,
            help_by=kinds,
            edits=edits,
            pairs=pairs,
            draws=draws or 400,
            seed=seed,
            table=tie_table(tie_table_),
        )

    if what_if is None:
        found = solved(meant.system, edits=True)
        emit(found.to_dict()) if json else _show(found)
        return
    _what_if(what_if, meant, date, solved, json=json)


def _what_if(name: str, meant: Meant, date: str | None, solved: Callable[..., Fight], *, json: bool) -> None:
    """Print what one change does to the sum of efforts."""
    edit = _edit(name, meant.system)
    if edit is not None:
        base = solved(meant.system, edits=False)
        effect = base.effect(edit)
        plain, lines = (
            {"effect": effect.row(), "base": base.to_dict()},
            [f"What if “{edit.describe()}”: all fighting {_told(effect)}"],
        )
    else:
        both = understood(name, meant, date)
        base, other = (solved(s, edits=False) for s in (both.base, both.other))
        total = base.against(other)
        plain = {"effect": total.to_dict(), "base": base.to_dict(), "other": other.to_dict()}
        lines = [f"What if “{both.title}”: all fighting {_percent(total, points)}", *_moved(base, other)]
    if json:
        emit({"what_if": name} | plain)
        return
    _head(base)
    for line in lines:
        say(line, of=meant.system)


def _moved(base: Fight, other: Fight) -> list[str]:
    """Return who fights in one arm alone, as lines."""
    before, after = (set(f.equilibrium.network.names) for f in (base, other))
    told = (("no longer fight", before - after), ("fight then", after - before))
    lines = [f"  {text}: {', '.join(sorted(who))}" for text, who in told if who]
    return [
        *lines,
        "  Who fights follows from each arm's own ties of war; without --what-if, changes are tried with all others still fighting",
    ]


def _edit(name: str, system: System) -> FightingEdit | None:
    """Return the edit of the fighting network that a what-if names, None if it is one of the scenario or of the system."""
    from foedus.security.fighting_edits import Embargo, Pacify

    verb, _, rest = name.partition(":")
    if verb not in {"pacify", "embargo"}:
        return None
    parts = rest.split(":")
    try:
        if verb == "pacify":
            a, b = parts
            return Pacify(system.actor(a).id, system.actor(b).id)
        who, factor = (parts[0], None) if len(parts) == 1 else (parts[0], float(parts[1]))
        return Embargo(system.actor(who).id, factor)
    except (ValueError, IndexError) as error:
        if type(error) is not ValueError and type(error) is not IndexError:
            raise
        raise bad_option(f"--what-if takes {EDITS}, got {name}", "--what-if pacify:SYR:OPP") from error


def _told(effect: Effect) -> str:
    """Return an effect as per cent of all fighting with its interval."""
    return "no equilibrium" if effect.change is None else _percent(effect.change, points)


def _head(found: Fight) -> None:
    """Print what was computed, on what, and who is not in it."""
    e, system = found.equilibrium, found.system
    say(
        f"Fighting equilibrium among {len(e.network.names)} actors, {system.title}; {found.draws} draws of ties, "
        f"seed {found.seed}; best replies checked"
    )
    say(
        f"  Beta {e.beta:.3f} and gamma {e.gamma:.3f}: what a unit of an ally's effort adds to one's own, and of an enemy's takes from it; {NOTE}"
    )
    if not e.network.allied.any():
        say(
            "  No help among them is counted; treaties and shared interests are with --help-by defense,offense,interest"
        )
    if found.fringe:
        say(
            f"  Not counted, joined to this war by one enemy alone: {', '.join(found.fringe)} (--whole, or --actors)",
            of=system,
        )
    if found.backers:
        say(f"  Not counted, sponsors that do not fight: {', '.join(found.backers)}", of=system)
    for war in found.other_wars:
        say(f"  Another war: {', '.join(war)} (--around {war[0]})", of=system)
    if found.without > 0:
        say(f"  {100 * found.without:.0f} % of draws have no equilibrium of this kind; intervals hold given the others")


def _show(found: Fight) -> None:
    """Print shares, dissipation and changes."""
    import numpy as np
    import polars as pl

    _head(found)
    e = found.equilibrium
    order = sorted(range(len(e.network.names)), key=lambda k: -e.effort[k])
    rows = [
        {"actor": e.network.names[k], "enemies": int((e.network.enemy[k] > 0).sum()),
         "allies": int((e.network.allied[k] > 0).sum()), "share of all effort": _percent(found.effort_share[k]),
         "share of the prize": _percent(found.share[k])}
        for k in order
    ]  # fmt: skip
    show("Effort at equilibrium (90 % interval over ties, beta and gamma)", pl.DataFrame(rows), of=found.system)
    stay = f"; nobody leaves only if being routed costs {100 * e.defeat:.1f} % of it or more" if e.defeat > 0 else ""
    say(f"All efforts together cost {_percent(found.dissipation)} of the prize{stay}")
    rows = [
        {
            "change": f.edit.describe(),
            "all fighting": _told(f),
            "of which its own part": "" if f.own is None else _less(f.own),
        }
        for f in found.effects
    ]
    show("What a change would do to the sum of all efforts", pl.DataFrame(rows), rows=16, of=found.system)
    dear = e.ceiling[np.isfinite(e.ceiling)]
    span = " to ".join(dict.fromkeys(f"{f(dear):.2f}" for f in (np.min, np.max))) if len(dear) else ""
    above = f": above {span} times what it was, a group only fights not to be routed" if span else ""
    say(
        "  An effect smaller than the part of those removed means that others fight more. Size and capability of actors do not enter"
    )
    say(f"  An embargo raises the cost of effort by 10 to 50 % (assumed, our form){above}")


def _percent(r: Ranged, form: Callable[[float], str] = percent) -> str:
    """Return a share or a change in per cent with its interval."""
    return f"{form(r.value)} % {bracket(r.low, r.high, form)}"


def _less(r: Ranged) -> str:
    """Return what goes with those removed, in per cent, as a loss."""
    return f"−{percent(r.value)} % {bracket(r.high, r.low, lambda x: f'−{percent(x)}')}"


def _two(value: float) -> str:
    """Return a number at two decimals."""
    return f"{value:.2f}".replace("-", "−")


def _congo(data_dir: Path | None, draws: int, seed: int, *, json: bool) -> None:
    """Print the Congo case."""
    from foedus.studies.congo import congo as study

    with progress("removals", quiet=json) as tell:
        found = study(data_dir, draws=draws, seed=seed, progress=tell)
    emit(found.to_dict()) if json else _show_congo(found)


def _show_congo(found: Congo) -> None:
    """Print estimates, fit and key groups."""
    import polars as pl

    s, e = found.spillovers, found.equilibrium
    say(
        f"80 armed groups of the Second Congo War, 1998-2010 ({', '.join(found.data)}); {found.draws} draws of beta and gamma, seed {found.seed}"
    )
    say(
        f"  Recomputed from the group-year file: beta {s.beta:.4f} (s.e. {s.beta_se:.4f}), gamma {s.gamma:.4f} (s.e. {s.gamma_se:.4f}), "
        f"{s.rows} rows; "
        "published .114 and .083. Standard errors here are by group"
    )
    idle = [g for g, x in zip(e.network.names, e.effort, strict=True) if x == 0]
    say(
        f"  On the network alone {100 * found.without:.0f} % of draws have no equilibrium (a group with too many enemies); "
        "no effort at the estimate: "
        f"{', '.join(idle) or 'nobody'}"
    )
    rows = [
        {
            "prediction": r.what,
            "Spearman's rho": f"{_two(r.rho.value)} {bracket(r.rho.low, r.rho.high, _two)}",
            "knows": r.knows,
        }
        for r in found.ranks
    ]
    show("Against fights observed, mean a year (90 % over beta, gamma and groups)", pl.DataFrame(rows))
    say(
        f"  With the article's shifters the equilibrium is the data, to {found.deviation:.0e} fights a year: "
        "they were solved for it, so that no test is left."
    )
    rows = [
        {
            "change": r.what,
            "its own part": f"{100 * r.own:.1f} %" if r.own else "",
            "calibrated": _percent(r.calibrated, points),
            "network alone": _percent(r.network, points),
        }
        for r in found.removals
    ]
    show("Without one group, or with peace between two: change of all fighting", pl.DataFrame(rows), rows=18)
    told = ", ".join(f"{100 * effect:+.1f} % at {prize:g}".replace("-", "−") for prize, effect in found.prizes)
    first = next(r for r in found.removals if r.own)
    say(
        f"  Calibrated: shifters make the observed fights an equilibrium for a prize of 1, as in the article's file. "
        "The prize is no estimate: without "
        f"{first.what.removeprefix('without ')} all fighting changes by {told} times all fights."
    )

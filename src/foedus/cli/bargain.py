"""``foedus bargain`` and ``foedus stance``: where a group of actors ends on one issue, and the stance of an actor with factions inside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import chance, emit, pair, progress, say, show, tie_table

if TYPE_CHECKING:
    from foedus.security.bargaining import Bargain
    from foedus.security.rounds import Rules
    from foedus.security.stance import Stance
    from foedus.security.verdicts import Share

SHOWN = 12
"""Rounds and verdicts shown; --json holds all."""


@Parameter(name="*")
@dataclass(frozen=True)
class Reading:
    """One reading of the group decision model: any of these chooses one, none of them draws all 84.

    Parameters
    ----------
    status_quo
        Chance that one who is not challenged stays where it is (Q; the paper names 0.5 and 1).
    risk
        Whose expected utilities make an actor secure: its challengers', its own, or nobody's (every exponent 1).
    view
        Who sees the offers: the proposer, each side for itself, or either.
    choice
        Which offer is taken: conflict before compromise before compulsion, the least move, or the most enforceable.
    conflict
        Where both expect to gain: both stand, or the one that expects less concedes.
    """

    status_quo: float | None = None
    risk: Literal["challenged", "challenging", "neutral"] | None = None
    view: Literal["proposer", "own", "either"] | None = None
    choice: Literal["order", "least", "enforceable"] | None = None
    conflict: Literal["stand", "concede"] | None = None

    def rules(self) -> Rules | None:
        """Return the reading that is meant, None for all of them."""
        from foedus.security.rounds import Rules

        given = {k: v for k, v in asdict(self).items() if v is not None}
        return Rules(**given) if given else None


def bargain(
    file: Path, *, percent: bool = False, reading: Annotated[Reading | None, Parameter(name="*")] = None, draws: int = 420, seed: int = 1,
    json: bool = False,
) -> None:  # fmt: skip
    """Where actors with positions, capabilities and saliences end on one issue.

    Parameters
    ----------
    file
        CSV with the columns actor, position, capability, salience. A column such as position_low with its position_high gives a range instead.
    percent
        Salience is in per cent, not from 0 to 1.
    draws
        Draws of ranges and of readings of the model.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.security.bargaining import bargain as run
    from foedus.security.issue_table import read_csv

    table = read_csv(file, percent=percent)
    result = run(
        table["position"], table["capability"], table["salience"], names=table["actor"], rules=(reading or Reading()).rules(), draws=draws, seed=seed
    )  # fmt: skip
    emit(result.to_dict()) if json else _show_bargain(result)


def _show_bargain(result: Bargain) -> None:
    """Print the rounds, how they end and the forecasts."""
    say(f"{len(result.names)} actors, reading: {result.rules.describe()}")
    rounds = result.table().select("round", "median", "mean", *result.names[:6])
    rest = "" if len(result.names) <= 6 else f"{len(result.names) - 6} more actors in --json. "
    show("Positions by round", rounds, rows=SHOWN, note=f"{rest}Rounds: {result.statement()}.")
    say(f"Forecast of this reading, inputs at their centre: {result.outcome:.3g}")
    if result.by_reading:
        outcomes = [v for _, v, _ in result.by_reading]
        say(
            f"Forecast over {len(outcomes)} readings of the model, inputs at their centre: {min(outcomes):.3g} to {max(outcomes):.3g}; "
            f"positions run from {result.path[0].min():.3g} to {result.path[0].max():.3g}"
        )
    f, mean, median = result.forecast, result.first_mean, result.first_median
    say(f"Forecast over {result.draws} draws of inputs and readings: {f.mean:.3g} [{f.low:.3g}, {f.high:.3g}] (90 %); "
        + ", ".join(f"{100 * v:.0f} % {k}" for k, v in result.endings.items()))  # fmt: skip
    say(f"Without a model: weighted mean of the first positions {mean.mean:.3f} [{mean.low:.3f}, {mean.high:.3f}], "
        f"weighted median {median.mean:.3f} [{median.low:.3f}, {median.high:.3f}]")  # fmt: skip
    say("The forecasting record claimed for this model is disputed and cannot be checked: docs/concepts/factions.md")


def stance(
    actor: str, source: Source, *, toward: str | None = None, shot: list[str] | None = None,
    reading: Annotated[Reading | None, Parameter(name="*")] = None, draws: int = 168, worlds: int | None = None, wars: int = 1_000, seed: int = 1,
    json: bool = False,
) -> None:  # fmt: skip
    """Bargain out the stance of an actor with factions inside, and say what share of the system's verdicts turns on it.

    Parameters
    ----------
    actor
        An actor with factions.
    toward
        The others whose tie is at issue, separated by commas (default: those on whom the factions disagree).
    shot
        First shot of a war to look at, ATTACKER:TARGET; may be given several times (default: the first three flashpoints).
    draws
        Draws of every uncertain number and of the readings of the model.
    worlds
        Of those, the draws under whose stance wars and threats are simulated too (default: 42, or all if fewer); 0 leaves them out.
    wars
        Simulated wars of each first shot and stance.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.security.stance import stance as run

    named = [x.strip() for x in toward.split(",")] if toward else None
    shots = [pair(x, "--shot") for x in shot] if shot else None
    system = source.read().system
    with progress("stance", quiet=json) as tell:
        result = run(
            system, actor, toward=named, rules=(reading or Reading()).rules(), draws=draws, worlds=worlds, shots=shots, war_draws=wars, seed=seed,
            table=tie_table(source.tie_table), progress=tell,
        )  # fmt: skip
    emit(result.to_dict()) if json else _show_stance(result)


def _show_stance(result: Stance) -> None:
    """Print ties, blocs, wars, verdicts and what each faction is to the bargain."""
    import polars as pl

    from foedus.report.words import counted

    who = result.system.actor(result.actor)
    say(f"{who.name} ({who.id}) as of the start of {result.system.date}: {len(result.factions)} parts bargain over "
        f"{counted(len(result.issues), 'tie')}; "
        f"{result.draws} draws, {result.reading}, seed {result.seed}")  # fmt: skip
    rows = [
        {"tie with": r["issue"], "stated": _range(r, "stated"), "mean of wishes": _range(r, "mean_wish"), "bargained": _range(r, "bargained"),
         "cycle, open": f"{100 * r['cycle']:.0f} %, {100 * r['not_settled']:.0f} %"}
        for r in result.table().to_dicts()
    ]  # fmt: skip
    show(
        "Ties from -1 to 1 (90 % interval over draws)",
        pl.DataFrame(rows),
        note=f"Rounds: {result.statement()} (open). A reading is one way to read what the published model leaves open: see the docs on factions.",
        of=result.system,
    )
    first, other = result.heads
    before, after, plain = result.with_first
    say(
        f"Bloc: with {first} rather than {other} in {_part(before)} of draws as stated, in {_part(after)} as bargained, in {_part(plain)} by the "
        f"plain mean of wishes; {chance(result.by_mean)} of bloc verdicts turn on that choice of model.",
        of=result.system,
    )
    moved = ", ".join(f"{x} {a} -> {b}" for x, a, b in result.centre) or "nobody changes bloc"
    say(
        f"At the centre of every number, mean bargain against the stated system ({'both proved' if result.proved else 'not proved'}): {moved}.",
        of=result.system,
    )
    for a, b, stated, e in result.drawn_in:
        say(
            f"After an attack of {a} on {b}, {who.id} is drawn into {chance(stated)} of wars as stated (over inputs), {chance(e)} as bargained (over "
            "stances).",
            of=result.system,
        )
    _show_verdicts(result)
    rows = [
        {"faction": w.faction, "weight": f"{w.weight.mean:.2f} [{w.weight.low:.2f}, {w.weight.high:.2f}]", f"alone: with {first}": _part(w.alone),
         f"without it: with {first}": "nobody left" if w.others is None else _part(w.others[1]),
         "bloc verdicts that differ": "" if w.others is None else chance(w.others[2])}
        for w in result.without
    ]  # fmt: skip
    show("Each faction: if it alone decided, and if it were not there", pl.DataFrame(rows), of=result.system)
    say(
        "Wishes that the scenario does not state are assumed (params/factions.toml); the model's record is disputed: docs/concepts/factions.md"
    )


def _show_verdicts(result: Stance) -> None:
    """Print the shares of verdicts that flip, and those that flip most often."""
    import polars as pl

    names = {
        "bloc": "bloc of each actor",
        "war": "side in each war",
        "attacker": "likeliest attacker",
        "holds": "holds against it",
    }
    rows = [_share(names[k], s) for k, s in result.shares.items()] + [_share("all", result.overall)]
    show("Verdicts that are others under the bargained stance than as stated", pl.DataFrame(rows))
    top = result.verdict_table().filter(pl.col("flips") > 0).head(SHOWN)
    rows = [
        {"actor": r["actor"], "verdict": f"{r['kind']} {r['where']}".strip(), "as stated": r["stated"], "instead": r["instead"],
         "in draws": f"{100 * r['flips']:.0f} % [{100 * r['low']:.0f}, {100 * r['high']:.0f}]"}
        for r in top.to_dicts()
    ]  # fmt: skip
    if rows:
        show(
            "Which ones", pl.DataFrame(rows), of=result.system,
            note="bloc: of two, in which an enemy of nearly everybody stands where it jars least and need be nobody's friend.",
        )  # fmt: skip


def _share(name: str, s: Share) -> dict[str, str | int]:
    """Return a row of shares."""
    return {
        "kind": name, "verdicts": s.count, "flip": chance(s.share), "by another seed alone": "" if s.alone is None else f"{100 * s.alone:.0f} %"
    }  # fmt: skip


def _range(row: dict[str, float | None], name: str) -> str:
    """Return a mean with its interval, or that nothing is coded."""
    values = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
    return "none coded" if values[0] is None else "{:+.2f} [{:.2f}, {:.2f}]".format(*values)


def _part(c: tuple[float, float, float]) -> str:
    """Return a share of draws with its interval."""
    return f"{100 * c[0]:.0f} % [{100 * c[1]:.0f}, {100 * c[2]:.0f}]"

"""``foedus crisis``: the interaction game of two actors or of all pairs, crisis signalling, bargaining short of war."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, chance, emit, progress, say, show, workers_or_default

if TYPE_CHECKING:
    import polars as pl

    from foedus.security.fearon import Demand, Range
    from foedus.security.interaction_result import Crisis
    from foedus.security.powell import Shift
    from foedus.studies.crisis_years import Years

ENDS = {
    "SQ": "no change", "ACQ_A": "A gives in to a demand", "ACQ_B": "B gives in to a demand", "NEGO": "both demand, and talk",
    "CAP_A": "A gives up when struck", "CAP_B": "B gives up when struck", "WAR_A": "war, A strikes first", "WAR_B": "war, B strikes first",
}  # fmt: skip


MOVES = "A challenges (p_C), B resists (p_R) or yields, A then fights (p_F) or backs off (Lewis and Schultz 2003)"


def game(
    a: str, b: str, source: Source, *, similarity: Literal["tau-b", "s"] = "tau-b", risk: str = "portfolio", draws: int = 200, seed: int = 1,
    json: bool = False,
) -> None:  # fmt: skip
    """Play the international interaction game of two actors, solved backwards, with every step.

    Parameters
    ----------
    a
        Who moves first.
    b
        The other.
    similarity
        Of portfolios of pledges: tau-b, or Signorino and Ritter's s.
    risk
        Attitudes to risk from portfolios, or one number for both: -1 averse, 0 neutral, 1 acceptant.
    draws
        Draws of capability, distance and costs.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.security.interaction import crisis

    found = crisis(source.read().system, a, b, measure=_measure(similarity), risk=_risk(risk), draws=draws, seed=seed)
    if json:
        emit(found.to_dict())
        return
    _show_game(found)


def _measure(similarity: str) -> Literal["tau_b", "s_abs"]:
    """Return the measure that the command's word means."""
    return "tau_b" if similarity == "tau-b" else "s_abs"


def _risk(text: str) -> Literal["portfolio"] | float:
    """Return where attitudes to risk come from."""
    if text == "portfolio":
        return "portfolio"
    try:
        return float(text)
    except ValueError:
        raise bad_option(f"--risk takes portfolio or a number from -1 to 1, got {text}", "--risk 0") from None


def _show_game(found: Crisis) -> None:
    """Print both sides, the ends, the steps and the third parties."""
    import polars as pl

    a, b = found.a, found.b
    name = {s.actor: found.system.actor(s.actor).name for s in (a, b)}
    say(
        f"{name[a.actor]} (A) and {name[b.actor]} (B) as of the start of {found.system.date}: {found.outcome}, {ENDS[found.outcome]}"
        f"{' (someone on the way was indifferent)' if found.tied else ''}. The model's answer at central inputs and published costs, no forecast."
    )
    say(f"  similarity of portfolios of pledges ({found.measure}) {found.similarity:.3f}")
    for label, s in (("A", a), ("B", b)):
        attitude = f"{s.risk:+.2f} [{s.risk_low:+.2f}, {s.risk_high:+.2f}]"
        say(f"  {label}: risk R {attitude}, exponent r {s.r:.2f}; own chance to prevail, by its own estimate {chance(s.drawn_p)}; "
            f"utility of its demand met {s.own:+.2f}, the other's met {s.other:+.2f}, no change {s.same:+.2f}")  # fmt: skip
    rows = [
        {"end": f"{'> ' if e['reached'] else ''}{e['outcome']}", "which is": ENDS[e["outcome"]], "worth to A": f"{e['worth_a']:+.2f}",
         "worth to B": f"{e['worth_b']:+.2f}", "share of draws": chance(found.shares[e["outcome"]]),
         "any attitude to risk": chance(found.shares_any_risk[e["outcome"]])}
        for e in found.table().to_dicts()
    ]  # fmt: skip
    show(f"Ends, and shares of {found.draws} draws [90 %]", pl.DataFrame(rows))
    show("Solved from the last choice to the first (> is where play goes)", pl.DataFrame([
        {"node": f"{'> ' if s.reached else ''}{s.node}", "who": s.mover, "choice": s.question, "yes leads to": f"{s.if_yes} ({s.worth_yes:+.2f})",
         "no leads to": f"{s.if_no} ({s.worth_no:+.2f})", "chooses": "yes" if s.yes else "no"}
        for s in found.steps
    ]))  # fmt: skip
    many = len(found.helpers)
    counted = [h for h in found.helpers if max(abs(h.adds_a), abs(h.adds_b)) >= 0.005]
    if counted:
        show("Third parties: shares of all that each side counts (above 0: with it)", pl.DataFrame([
            {"actor": h.actor, "prefers": h.side, "strength there": f"{h.strength:.3f}", "nearer to A by": f"{h.preference:+.2f}",
             "A counts": f"{100 * h.adds_a:+.1f} %", "B counts": f"{100 * h.adds_b:+.1f} %"}
            for h in counted
        ]), note=f"{many - len(counted)} others count for less than 0.5 % with both" if many > len(counted) else "")  # fmt: skip
    show("What the end would be", pl.DataFrame([{"with": k, "end": v} for k, v in found.variants.items()]))


def years(
    in_: Annotated[str, Parameter(name=["--in"])], *, similarity: Literal["tau-b", "s"] = "tau-b", risk: str = "portfolio", phi: float = 1.0,
    as_of: Literal["year", "jan1"] = "year", data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None, out: Path | None = None,
    workers: int | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Play the game of all directed pairs over years, beside the published distribution and what happened.

    Parameters
    ----------
    in_
        A year or a range, such as 1816:1984.
    similarity
        Of portfolios of pledges: tau-b or s.
    risk
        Attitudes to risk from portfolios, or one number for everybody: -1 averse, 0 neutral, 1 acceptant.
    phi
        Weight of the domestic cost of force, phi x U(SQ) x P.
    as_of
        year: pledges of any day and capability of the year, as the field counts; jan1: as of 1 January, capability of the year before.
    data_dir
        Folder with the published data files.
    out
        File for all pairs: .parquet or .csv.
    workers
        Threads.
    json
        Print JSON.
    """
    from foedus.cli.common import writable
    from foedus.panel.table_files import write_table
    from foedus.security.interaction import published_costs
    from foedus.studies.crisis_years import crisis_years

    first, last = _span(in_)
    path = writable(out, "--out") if out else None
    if path is not None and path.suffix not in {".parquet", ".csv"}:
        raise bad_option(f"--out takes a .parquet or .csv file, got {path.name}", "--out ends.parquet")
    with progress("pairs", quiet=json) as tell:
        found = crisis_years(
            first, last, data_dir, measure=_measure(similarity), risk=_risk(risk), costs=published_costs()._replace(phi=phi), at=as_of,
            workers=workers_or_default(workers), progress=tell,
        )  # fmt: skip
    if path is not None:
        write_table(found.frame, path, "the pairs")
    if json:
        emit(found.to_dict())
        return
    _show_years(found, first, last)
    if path is not None:
        say(f"All pairs: {path}")


def _span(text: str) -> tuple[int, int]:
    """Return the first and last year of a range."""
    ends = text.split(":")
    if len(ends) > 2 or not all(e.isascii() and e.isdecimal() and len(e) == 4 for e in ends):
        raise bad_option(f"--in takes a year or a range of years here, got {text}", "--in 1816:1984")
    return int(ends[0]), int(ends[-1])


def _show_years(found: Years, first: int, last: int) -> None:
    """Print the distribution of ends beside the published one, and what happened."""
    import polars as pl

    known = found.frame.height - found.unknown
    risk = "from portfolios (a heuristic)" if found.risk == "portfolio" else f"R = {found.risk:g} for everybody"
    say(f"International interaction game, {first}-{last}: {known:,} directed pair-years, {found.unknown:,} unknown; "
        f"similarity {found.measure} of ATOP "
        f"pledges, attitudes to risk {risk}, phi {float(found.costs.phi):g}. Derived; inputs at their recorded values.")  # fmt: skip

    def share(value: float | None) -> str:
        return "not printed" if value is None else f"{100 * value:.3g} %"

    rows = [
        {"end": d["outcome"], "pairs": f"{d['n_all']:,}", "all": share(d["all"]), "published (1)": share(d["published_all"]),
         "relevant": share(d["relevant"]), "published (2)": share(d["published_relevant"])}
        for d in found.distribution().to_dicts()
    ]  # fmt: skip
    show("Ends: ours, and Bennett and Stam 2000, p. 465", pl.DataFrame(rows))

    def rate(d: dict, event: str) -> str:
        value = d[f"{event}_rate"]
        return (
            ""
            if value is None
            else f"{d[f'{event}s']:,}: {1000 * value:.3g} [{1000 * d[f'{event}_low']:.3g}, {1000 * d[f'{event}_high']:.3g}]"
        )

    for title, relevant in (("all pairs", False), ("politically relevant pairs", True)):
        happened = [d for d in found.observed(relevant=relevant).to_dicts() if d["n"]]
        show(f"Began in the year, {title}: number, and per 1,000 pair-years [90 %]", pl.DataFrame([
            {"end": d["outcome"], "pair-years": f"{d['n']:,}", "disputes": rate(d, "dispute"), "wars": rate(d, "war")} for d in happened
        ]))  # fmt: skip


def signal(
    *, s_a: float = 0.0, v_a: float = 1.0, v_b: float = 1.0, c_b: float = 0.0, w_a: float = -1.9, w_b: float = -2.9, a: float = -1.2,
    over: str | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Every equilibrium of a crisis in which a threat tells something of whoever makes it.

    Payoffs are in standard deviations of what each side alone knows of itself.

    Parameters
    ----------
    s_a
        What no challenge is worth to A.
    v_a
        What A has where B gives way.
    v_b
        What B has where A backs down.
    c_b
        What giving way is worth to B.
    w_a
        Mean worth of war to A.
    w_b
        Mean worth of war to B.
    a
        Mean worth to A of backing down.
    over
        Follow one parameter: NAME=FIRST:LAST:STEPS, such as w_b=-3.2:-2.6:13.
    json
        Print JSON.
    """
    from foedus.security.signalling import Stage, correspondence, signals

    stage = Stage(s_a, v_a, v_b, c_b, w_a, w_b, a)
    if over is not None:
        name, values = _steps(over)
        table = correspondence(name, values, stage)
        if json:
            emit({"standing": "computed; every equilibrium found by a scan", "over": name, "rows": table.to_dicts()})
            return
        say(MOVES)
        show(f"Every equilibrium as {name} changes", _plain_signals(table, name), rows=len(table))
        return
    found = signals(stage)
    if json:
        emit(found.to_dict())
        return
    n = len(found.equilibria)
    say(f"{n} equilibri{'um' if n == 1 else 'a'}: {MOVES}")
    show("Chances", _plain_signals(found.table().with_row_index("nr", 1), "nr"))
    if n > 1:
        say(
            "The model does not say which is played: one found from one start is no answer. Stable: iterated best replies come back to it."
        )
    say(f"Scan of {found.grid:,} beliefs, each change of sign bracketed"
        + ("" if found.complete else "; an even number: two equilibria touch here, or one was missed"))  # fmt: skip


def _steps(over: str) -> tuple[str, list[float]]:
    """Return the parameter and values of NAME=FIRST:LAST:STEPS."""
    import numpy as np

    name, _, rest = over.partition("=")
    try:
        first, last, steps = rest.split(":")
        values = np.linspace(float(first), float(last), int(steps)).round(12).tolist()
    except ValueError:
        values = []
    if not values or len(values) > 1000:
        raise bad_option(
            f"--over takes NAME=FIRST:LAST:STEPS with 1 to 1,000 steps, got {over}", "--over w_b=-3.2:-2.6:13"
        )
    return name.replace("-", "_"), values


def _plain_signals(table: pl.DataFrame, first: str) -> pl.DataFrame:
    """Return equilibria with the columns that are read."""
    import polars as pl

    def pct(column: str, title: str) -> pl.Expr:
        return (pl.col(column) * 100).map_elements(lambda x: f"{x:.3g} %", return_dtype=pl.String).alias(title)

    return table.select(
        pl.col(first), pct("p_challenge", "p_C"), pct("p_resist", "p_R"), pct("p_fight", "p_F"), pct("status_quo", "no change"),
        pct("concession", "B yields"), pct("war", "war"), pct("backs_down", "A backs off"),
        pl.when("stable").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("stable"),
    )  # fmt: skip


def bargain(
    p: float, *, cost_a: float = 0.1, cost_b: str = "0.1", later: str | None = None, discount: float = 0.9, indivisible: bool = False,
    json: bool = False,
) -> None:  # fmt: skip
    """Say what two states could settle for short of war, and why they might not.

    Parameters
    ----------
    p
        A's chance to win a war over a prize of 1.
    cost_a
        Cost of war to A, as a share of the prize.
    cost_b
        Cost of war to B: a number, or LOW:HIGH where A knows only that it lies evenly between.
    later
        A's chances in the periods that follow, separated by commas: a shift of power, with the prize in every period.
    discount
        What the prize of the next period is worth now; costs are then shares of all periods to come.
    indivisible
        The prize cannot be divided.
    json
        Print JSON.
    """
    import numpy as np

    from foedus.security.fearon import bargaining_range, risk_return
    from foedus.security.powell import shift

    low, high = _interval(cost_b)
    settled = bargaining_range(p, cost_a, low, divisions=[0.0, 1.0] if indivisible else None)
    demand = None
    if high > low:
        from scipy.stats import uniform

        demand = risk_return(p, cost_a, uniform(low, high - low))
    moved, weaker = None, "A"
    if later:
        path, lump = np.array([p, *_chances(later)]), np.array([cost_a, (low + high) / 2]) / max(1 - discount, 1e-300)
        weaker = "A" if path[-1] <= path[0] else "B"
        costs = lump if weaker == "A" else lump[::-1]
        moved = shift(
            (path if weaker == "A" else 1 - path).tolist(), discount=discount, cost=costs[0], cost_rising=costs[1]
        )
    if json:
        shifted = moved and {"weaker": weaker} | moved.to_dict()
        emit({"range": settled.to_dict(), "demand": demand and demand.to_dict(), "shift": shifted})
        return
    _show_bargain(settled, demand, moved, weaker, (low, high))


def _interval(text: str) -> tuple[float, float]:
    """Return the ends of a number or LOW:HIGH."""
    try:
        ends = [float(x) for x in text.split(":")]
    except ValueError:
        ends = []
    if len(ends) not in {1, 2} or ends[0] > ends[-1]:
        raise bad_option(f"--cost-b takes a number or LOW:HIGH, got {text}", "--cost-b 0:0.4")
    return ends[0], ends[-1]


def _chances(text: str) -> list[float]:
    """Return numbers separated by commas."""
    try:
        return [float(x) for x in text.split(",")]
    except ValueError:
        raise bad_option(f"--later takes chances separated by commas, got {text}", "--later 0.5,0.3") from None


def _show_bargain(
    settled: Range, demand: Demand | None, moved: Shift | None, weaker: str, cost: tuple[float, float]
) -> None:  # fmt: skip
    """Print what could be settled, what A demands, and how a shift ends."""
    import polars as pl

    low, high = cost
    known = f"cost to B {low:g}" if high == low else f"cost to B at least {low:g}"
    say(
        f"Both prefer to war: A's share from {settled.low:.3g} to {settled.high:.3g} "
        f"(p {settled.p:g}, cost to A {settled.cost_a:g}, {known}; Fearon 1995)"
    )
    if settled.possible is not None:
        kept = ", ".join(f"{x:g}" for x in settled.possible)
        say(
            f"  indivisible: {f'A has {kept} without war' if kept else 'neither all nor nothing for A suits both, and they fight'}"
        )
    if demand is not None:
        say(f"Cost to B evenly between {low:g} and {high:g}, unknown to A: it demands {demand.share:.3g} and risks war "
            f"at {100 * demand.p_war:.3g} %, "
            f"worth {demand.worth:.3g} to it")  # fmt: skip
    if moved is None:
        return
    other = "B" if weaker == "A" else "A"
    fought = (
        "no war"
        if moved.war_in is None
        else f"war in period {moved.war_in}, by {weaker if moved.by == 'declining' else other}'s choice"
    )
    first = moved.periods[0]
    say(f"{weaker} will be weaker (discount {moved.discount:g}, prize of 1 a period): {fought}. In period 1 war is worth "
        f"{first.war:.3g} to {weaker}; "
        f"the most that it could be given is {first.most:.3g} (after Powell 2006)")  # fmt: skip
    rows = [
        {"period": x["period"], f"{weaker} wins": f"{x['p']:.3g}", "war is worth": f"{x['war']:.3g}", "most it could have": f"{x['most']:.3g}",
         f"{other} offers": "they fight" if x["offer"] is None else f"{x['offer']:.3g}"}
        for x in moved.table().to_dicts()
    ]  # fmt: skip
    show(
        f"{weaker}'s side, period by period (the last holds on)" if moved.war_in is None else f"{weaker}'s side",
        pl.DataFrame(rows),
    )

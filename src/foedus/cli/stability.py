"""``foedus stability``: who could be beaten and what would protect it, on one date or over years; and the balance of power among majors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from foedus.cli.commands import Source
from foedus.cli.common import bad_option, emit, progress, say, show, writable

if TYPE_CHECKING:
    from foedus.security.balance_of_power import BalanceOfPower
    from foedus.security.stability_result import Stability
    from foedus.security.stability_years import StabilityYears
    from foedus.system.system import System

CONDITIONS = (
    "Vulnerable: a state and allies of it have more than gamma times the strength of its defence. A tie protects: how many of them one more ally "
    "would, and who would protect most. War-stable (Jackson and Nei 2015) needs S1, nobody is vulnerable; S2, nor after any one tie is added; S3, no "
    "tie could be dropped without making both its ends vulnerable."
)
SHOWN = 20
"""Actors that are printed, the strongest."""
MANY = 45
"""Years above which a range is shown by decades."""


def stability(
    source: Source, *, gamma: str = "1,1.5,2,3", reach: bool = False, loyal: bool = False, pledged: Literal["either", "both"] = "either",
    balance_of_power: bool = False, trade: bool = False, step: int = 1, draws: int | None = None, seed: int = 1, out: Path | None = None,
    on: str | None = None, json: bool = False,
) -> None:  # fmt: skip
    """Who could be beaten by a group of allies, which tie would protect it, and whether the network of alliances is war-stable.

    A range, ``--in 1816:2016``, takes every 1 January; the network is that of defence pledges in treaties, the strengths are shares of capability.

    Parameters
    ----------
    gamma
        Strengths that an attack needs for each unit of defence, with commas.
    reach
        Count strength as far as it reaches, for attackers and for allies.
    loyal
        Nobody attacks its own ally.
    pledged
        Two are allies if either pledges to defend the other, or only if both do.
    balance_of_power
        Who among the major powers (or all, if none is marked) is essential to some winning coalition, and is the system stable, instead.
    trade
        What trade changes: which vulnerable states it protects, and which ties are kept because of it; for dates from 1871 to 2015.
    step
        Years from one year of a range to the next.
    draws
        Draws of uncertain strengths (default: 200 for one system, 50 for each year of a range).
    seed
        The same seed gives the same numbers.
    out
        File for all rows of a range: .parquet, .csv or .json.
    on
        Where a range runs: local (the default), processes:N or dask://HOST:PORT.
    json
        Print JSON.
    """
    from foedus.blocs.years import is_span

    gammas = _gammas(gamma)
    if trade and (loyal or balance_of_power):
        raise bad_option(
            "--trade is of attacks on allies, and of the war-stability audit: not with --loyal or --balance-of-power",
            "foedus stability --in 1914 --trade",
        )
    first, colon, last = source.in_.partition(":")
    if colon and first.isdecimal() and last.isdecimal():
        if source.date or source.actors or source.without or balance_of_power or trade:
            raise bad_option(
                "--date, --actors, --without, --balance-of-power and --trade are for one system",
                "foedus stability --in 1914 --balance-of-power",
            )
        _range(source, (int(first), int(last)), gammas, reach=reach, loyal=loyal, pledged=pledged, step=step, draws=50 if draws is None else draws,
               seed=seed, out=out, on=on, json=json)  # fmt: skip
        return
    if is_span(source.in_):
        raise bad_option("a range is one of years here, each its 1 January", "foedus stability --in 1900:1914")
    if out is not None or step != 1 or on is not None:
        raise bad_option(
            "--out, --step and --on are for a range of years", "foedus stability --in 1816:2016 --out rows.csv"
        )
    many = 200 if draws is None else draws
    system = source.read().system
    if balance_of_power:
        from foedus.security.balance_of_power import balance_of_power_of

        balance = balance_of_power_of(system, draws=many, seed=seed)
        emit(balance.to_dict()) if json else _show_balance(balance, system)
        return
    if trade:
        from foedus.cli.stability_trade import show_trade
        from foedus.security.trade_stability import trade_stability

        traded = trade_stability(
            system, data_dir=source.data_dir, gammas=gammas, reach=reach, pledged=pledged, draws=many, seed=seed
        )
        emit(traded.to_dict()) if json else show_trade(traded, system)
        return
    from foedus.security.stability import stability as audit

    found = audit(system, gammas=gammas, reach=reach, loyal=loyal, pledged=pledged, draws=many, seed=seed)
    emit(found.to_dict()) if json else _show(found, system)


def _gammas(text: str) -> tuple[float, ...]:
    """Return the numbers of a list with commas."""
    from foedus.errors import parameter

    try:
        return tuple(float(x) for x in text.split(","))
    except ValueError as error:
        raise parameter("--gamma", text, "numbers with commas, such as 1,1.5,2") from error


def _variant(found: Stability) -> str:
    """Return which version of the model was used, as a clause."""
    who = "nobody attacks its own ally" if found.loyal else "allies may attack too"
    far = "strength counts as far as it reaches" if found.reach else "strength counts in full everywhere"
    tie = "either pledges" if found.pledged == "either" else "both pledge"
    return f"{who}; {far}; allies are two of whom {tie} to defend the other"


def _show(found: Stability, system: System) -> None:
    """Print the audit of one system."""
    import polars as pl

    say(
        f"{system.title}: {len(found.ids)} actors, strength of {int(found.known.sum())} known, {int(found.ties.sum()) // 2} ties of defence."
    )
    say(f"Version: {_variant(found)}. {found.draws} draws, seed {found.seed}.")
    rows = [_conditions(r, loyal=found.loyal) for r in found.summary().to_dicts()]
    show(
        "By gamma, the strength that an attack needs for each unit of defence",
        pl.DataFrame(rows, infer_schema_length=None),
        of=system,
    )
    say(CONDITIONS)
    middle = found.verdicts[min(1, len(found.verdicts) - 1)]
    table = found.table().filter(pl.col("gamma") == middle.gamma).sort("strength", descending=True, nulls_last=True)
    shown = pl.DataFrame([_actor(r, loyal=found.loyal) for r in table.to_dicts()], infer_schema_length=None)
    show(
        f"Who could be beaten, by how few, and the weakest ally that would end it, at gamma {middle.gamma:g}",
        shown,
        rows=SHOWN,
        of=system,
    )
    say(
        f"Critical gamma: vulnerable at every gamma below it (90 % interval{'' if found.loyal else '; and if none of its allies attacked'}). "
        "Beaten, in draws: share of draws of strength in which it is vulnerable. By at least: the fewest who suffice. "
        "Cheapest tie: the weakest state whose alliance would end it; endangers: how many others that tie would make vulnerable. "
        "A model of strength alone: it does not say that anybody would attack."
    )


def _conditions(r: dict[str, Any], *, loyal: bool) -> dict[str, Any]:
    """Return what is said of one gamma."""
    word = {True: "yes", False: "no", None: "unknown"}
    return {
        "gamma": f"{r['gamma']:g}",
        "vulnerable": "unknown" if r["vulnerable"] is None else f"{r['vulnerable']} [{r['vulnerable_low']}, {r['vulnerable_high']}] of {r['known']}"
        + (f", {r['unclear']} unclear" if r["unclear"] else ""),
        **({} if loyal else {"if no ally attacked": "unknown" if r["share_allies_loyal"] is None else f"{r['share_allies_loyal']:.0%}"}),
        "strongest of them": r["strongest"] or "-", "a tie protects": _protected(r),
        "S1": word[r["s1"]], "S2": word[r["s2"]], "S3": word[r["s3"]], "war-stable": word[r["stable"]],
    }  # fmt: skip


def _number(x: float) -> str:
    """Return a number at three digits or so, without an exponent."""
    return f"{x:.0f}" if x >= 99.5 else f"{x:.3g}"


def _protected(r: dict[str, Any]) -> str:
    """Return how many a tie would protect, and who would protect most of them."""
    return f"{r['protectable']}" + (f" ({r['protector']} {r['protects']})" if r["protector"] else "")


def _actor(r: dict[str, Any], *, loyal: bool) -> dict[str, str]:
    """Return one actor as a row."""
    known = r["strength"] is not None
    smallest = (r["smallest"] or "").split()
    more = f" +{len(smallest) - 5}" if len(smallest) > 5 else ""
    return {
        "actor": r["actor"], "strength": f"{r['strength']:.2%}" if known else "unknown",
        "critical gamma": f"{_number(r['critical_gamma'])} [{_number(r['critical_low'])},{_number(r['critical_high'])}]" if known else "unknown",
        **({} if loyal else {"if no ally attacked": _number(r["critical_allies_loyal"]) if known else "unknown"}),
        "beaten, in draws": {True: "yes", False: "no", None: "unclear"}[r["vulnerable"]] + (f" {r['p_vulnerable']:.0%}" if known else ""),
        "by at least": ", ".join(smallest[:5]) + more,
        "cheapest tie": (r["protector"] + (f", endangers {r['endangers']}" if r["endangers"] else "")) if r["protector"]
        else "none" if r["vulnerable"] else "",
    }  # fmt: skip


def _range(
    source: Source, years: tuple[int, int], gammas: tuple[float, ...], *, reach: bool, loyal: bool, pledged: Literal["either", "both"], step: int,
    draws: int, seed: int, out: Path | None, on: str | None, json: bool,
) -> None:  # fmt: skip
    """Show the audits of a range of years."""
    from foedus.panel.table_files import check_format
    from foedus.security.stability_years import stability_over_years

    if out is not None:
        check_format(writable(out, "--out"), "--out")
    with progress(f"stability of {source.in_}", quiet=json) as tell:
        found = stability_over_years(
            *years, step=step, gammas=gammas, reach=reach, loyal=loyal, pledged=pledged, draws=draws, seed=seed, data_dir=source.data_dir,
            workers="local" if on is None else on, progress=tell,
        )  # fmt: skip
    if out is not None:
        found.write(out)
    if json:
        emit(found.to_dict())
        return
    _show_range(found)
    if out is not None:
        say(f"wrote {out}: one row a year, actor and gamma")


def _show_range(found: StabilityYears) -> None:
    """Print the years, or one in ten of many."""
    import polars as pl

    dates = found.dates
    ends = {dates[0].date.year, dates[-1].date.year}
    shown = [d for d in dates if len(dates) <= MANY or d.date.year % 10 == 0 or d.date.year in ends]
    say(
        f"{dates[0].date.year} to {dates[-1].date.year}, {len(dates)} years, each 1 January; {dates[0].draws} draws, seed {dates[0].seed}."
    )
    say(f"Version: {_variant(dates[0])}.")
    rows = [_year(d) for d in shown]
    show("Vulnerable states, of those whose strength is known; strongest: the strongest of them; a tie protects: how many (most of them by)",
         pl.DataFrame(rows), rows=MANY + 10)  # fmt: skip
    whole = found.summary().filter(pl.col("known") > 0)
    stable, never = whole.filter(pl.col("stable").fill_null(value=False)), len(dates) - whole["year"].n_unique()
    listed = ", ".join(str(y) for y in stable["year"].unique(maintain_order=True).to_list()[:20])
    say(
        f"War-stable at one of these gammas: {listed or 'no year'}."
        + (f" Unknown, since no capability of the year before is: {never}." if never else "")
    )
    say("A model of strength alone: it does not say that anybody would attack."
        + ("" if len(shown) == len(dates) else " --out FILE holds every year and state."))  # fmt: skip


def _year(d: Stability) -> dict[str, Any]:
    """Return one year as a row."""
    rows = d.summary().to_dicts()
    known, middle = rows[0]["known"], rows[min(1, len(rows) - 1)]
    by_gamma = " ".join(f"{r['gamma']:g}" for r in rows)

    def told(column: str) -> str:
        return "unknown" if not known else " ".join(f"{100 * r[column]:.0f}" for r in rows)

    return {
        "year": str(d.date.year), "known of": f"{known} of {middle['states']}", "ties": middle["ties"],
        f"% at gamma {by_gamma}": told("share"),
        f"number at {middle['gamma']:g}": f"{middle['vulnerable']} [{middle['vulnerable_low']}, {middle['vulnerable_high']}]" if known else "unknown",
        **({} if d.loyal else {"% if no ally attacked": told("share_allies_loyal")}), "strongest": middle["strongest"] or "-",
        "a tie protects": _protected(middle),
    }  # fmt: skip


def _show_balance(found: BalanceOfPower, system: System) -> None:
    """Print who is essential."""
    import polars as pl

    say(
        f"{system.title}: {len(found.ids)} {'major powers' if found.majors else 'actors (no major power is marked)'}, resources as shares of theirs."
    )
    rows = [
        {"actor": r["actor"], "resources": f"{r['share']:.1%} [{r['share_low']:.1%}, {r['share_high']:.1%}]",
         "essential": "yes" if r["essential"] else "no", "in draws": f"{r['p_essential']:.0%}", "to hold half": f"{r['to_half']:+.1%}"}
        for r in found.table().to_dicts()
    ]  # fmt: skip
    show(
        "Essential: a member of some minimal winning coalition (more than half of all resources)",
        pl.DataFrame(rows),
        of=system,
    )
    word = {True: "yes", False: "no"}
    say(
        f"System-stable (all essential): {word[found.system_stable]}, in {found.p_system_stable:.0%} of draws. Resource-stable (one holds exactly "
        f"half, or two are equal): {word[found.resource_stable]}; the largest is {found.gap} from half. {found.draws} draws, seed {found.seed}."
    )
    if found.unknown:
        say(f"Left out, resources unknown: {', '.join(found.unknown)}", of=system)

"""`trade_stability`: what trade changes in the audit of a real date, which vulnerable states it protects and which ties it keeps.

The published idea [JacksonNei2015]_: allies trade, an attack on an ally loses that trade, and (S3) gives way to: nobody gains by dropping a tie.
The form is our own, and without a parameter to choose: an ally takes part in an attack only if the prize, as a share of the yearly trade of the
attacked, is at least the share of that trade which is with it. Each state has a critical prize, the least at which some coalition beats it; trade
protects it at every prize below. No attacker gets more than the whole prize, so what is protected here is protected however spoils are shared. Trade
that is not known is not zero: it lies between nothing and more than any prize, and so do the answers. Does not count the trade that an
attacker loses with a state that is not its ally, and does not ask whether two would gain by a tie more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.sources.cow_trade_dyads import SPEC
from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.kernels import vulnerability as kernel
from foedus.security.stability import CHUNK, GAMMAS, bounds, known_strength, reaching, stability
from foedus.security.trade_result import End, Kept, Protection, TradeStability, TradeTie
from foedus.system import covariates
from foedus.system.tables import source_of

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.security.stability_result import Pledged, Stability
    from foedus.system.system import System

PAIRS, TOTALS = "cow_trade_dyads", "cow_trade_sy"


@dataclass(frozen=True, eq=False)
class Trade:
    """Trade among the actors of a system in one year, millions of current US dollars, between bounds.

    Attributes
    ----------
    year : int
    flow : float64 array, shape (2, n, n)
        Of each two, both ways: what is known of it, and infinite if some is not known.
    total : float64 array, shape (2, n)
        Imports and exports of each with the whole world, likewise.
    """

    year: int
    flow: NDArray[np.float64]
    total: NDArray[np.float64]

    def share(self) -> NDArray[np.float64]:
        """Return the share of the row's whole trade that is with the column, at least and at most, shape (2, n, n).

        Nothing where the two surely do not trade. The two tables differ, so that a share may pass 1.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            least = np.where(self.flow[0] > 0, self.flow[0] / self.total[1][:, None], 0.0)
            most = np.where(self.flow[1] > 0, self.flow[1] / self.total[0][:, None], 0.0)
        return np.stack([least, most])


def trade_stability(
    system: System, *, data_dir: DataDir | str | os.PathLike[str] | None = None, trade: Trade | None = None, gammas: Sequence[float] = GAMMAS,
    reach: bool = False, pledged: Pledged = "either", draws: int = 200, seed: int = 1,
) -> TradeStability:  # fmt: skip
    """Return which vulnerable states trade protects, and which ties are kept because of it.

    Parameters
    ----------
    system : System
        Of a date from 1871 to 2015, since trade is that of the year before (convention 4.13) and known of 1870 to 2014.
    data_dir : DataDir, str or Path, optional
        Folder with the published tables of trade.
    trade : Trade, optional
        Numbers of your own instead.
    gammas, reach, pledged, draws, seed
        As of `foedus.security.stability.stability`; allies may attack, or trade would have nothing to prevent.

    Returns
    -------
    TradeStability

    Raises
    ------
    CoverageError
        No trade is known of the year before.
    DataError
        Data are missing.
    ParameterError
        An argument outside its range.

    Notes
    -----
    With strengths M, allies N(i), yearly trade W(i) and w(i, c) of it with c: i is beaten at prize kappa if there is a hub j and a set C of j and
    some of its allies, without i, with M(C) > gamma M({i} and N(i) less C) and w(i, c) <= kappa W(i) for every c in C that is an ally of i. A tie is
    kept by need if both ends are vulnerable without it by strength alone, and by trade if each end that is not would lose trade. Spoils of
    kappa W(i) shared by strength, as `foedus.security.stable_networks` has them, make fewer vulnerable, never more. The paper's symbols could not
    be read in full.

    References
    ----------
    [JacksonNei2015]_, [Barbieri2009]_

    Examples
    --------
    >>> import foedus as fd
    >>> system = fd.load("europe-1914")
    >>> n = len(system.actors)
    >>> even = Trade(1913, np.ones((2, n, n)), np.full((2, n), float(n)))
    >>> trade_stability(system, trade=even, draws=10, gammas=[1.5]).summary()["tie_unknown"].item()
    0
    """
    base = stability(system, gammas=gammas, reach=reach, pledged=pledged, draws=draws, seed=seed)
    had = trade_of(system, data_dir) if trade is None else _checked(trade, len(system.actors))
    share = had.share()
    known = known_strength(system)
    power = covariates.effective_capability(system, seed=None, n_draws=1)[0]
    reaches = reaching(system, reach=reach, seed=seed, draws=draws)
    low, high = bounds(power, known, reaches.mean(axis=0))
    drawn = covariates.effective_capability(system, seed=seed, n_draws=draws)
    protections = []
    for v in base.verdicts:
        g = v.gamma
        ends = np.stack(
            [kernel.spoils(high, low, base.ties, share[0], g), kernel.spoils(low, high, base.ties, share[1], g)]
        )
        paths = _over_draws(drawn, reaches, base.ties, share, g)
        ends[:, ~known], paths[:, :, ~known] = np.nan, np.nan
        protections.append(_protection(g, ends, paths, v.vulnerable, known))
    used = tuple(source_of(DataDir.of(data_dir).provenance(s)) for s in (PAIRS, TOTALS)) if trade is None else ()
    ties = tuple(t for v in base.verdicts for t in _ties(base, had, share, low, v.gamma))
    return TradeStability(base, had.year, had.total, tuple(protections), ties, used)


def _checked(trade: Trade, n: int) -> Trade:
    """Return the trade, refusing what is of another shape, negative, not a number, lopsided or with its bounds the wrong way round."""
    right = trade.flow.shape == (2, n, n) and trade.total.shape == (2, n)
    if not right or not all((x[0] >= 0).all() and (x[1] >= x[0]).all() for x in (trade.flow, trade.total)):
        raise parameter(
            "trade",
            trade.flow.shape,
            f"flows (2, {n}, {n}) and totals (2, {n}): what is known, at least 0, and no less at most",
        )
    if not np.array_equal(trade.flow, trade.flow.transpose(0, 2, 1)):
        raise parameter("trade", "flows that differ by direction", "the sum of both directions, the same for both")
    return trade


def trade_of(system: System, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Trade:
    """Return the trade of the year before a system's date, from the published tables.

    Raises
    ------
    CoverageError
        No trade is known of that year.
    DataError
        Data are missing.
    """
    import polars as pl

    year, first, last = system.date.year - 1, SPEC.first_year or 0, SPEC.last_year or 0
    if not first <= year <= last:
        raise CoverageError(message(
            "Trade is not known", got=f"{year}, the year before the date", expected=f"{first} to {last}; {SPEC.title} {SPEC.version}",
            hint=f"take a system of {first + 1} to {last + 1}",
        ))  # fmt: skip
    store = DataDir.of(data_dir)
    store.require(PAIRS, TOTALS)
    n, place = len(system.actors), {a.cow: k for k, a in enumerate(system.actors) if a.cow is not None}
    flow = np.stack([np.zeros((n, n)), np.full((n, n), np.inf)])
    rows = store.table(PAIRS).filter(
        (pl.col("year") == year) & pl.col("ccode1").is_in(list(place)) & pl.col("ccode2").is_in(list(place))
    )
    for a, b, there, back in rows.select("ccode1", "ccode2", "imports", "imports_back").iter_rows():
        flow[:, place[a], place[b]] = _between(there, back)
    total = np.stack([np.zeros(n), np.full(n, np.inf)])
    for a, there, back in (
        store.table(TOTALS).filter(pl.col("year") == year).select("ccode", "imports", "exports").iter_rows()
    ):
        if a in place:
            total[:, place[a]] = _between(there, back)
    return Trade(year, flow, total)


def _between(there: float | None, back: float | None) -> tuple[float, float]:
    """Return what is known of two flows, and infinite if one is not known."""
    known = (there or 0.0) + (back or 0.0)
    return known, known if there is not None and back is not None else np.inf


def _over_draws(
    power: NDArray[np.float64], reaches: NDArray[np.float64], g: NDArray[np.bool_], share: NDArray[np.float64], gamma: float
) -> NDArray[np.float64]:  # fmt: skip
    """Return the critical prize in every draw of strengths, at least and at most, shape (2, draws, n)."""
    out = np.empty((2, *power.shape))
    n = np.arange(power.shape[1])
    for first in range(0, len(power), CHUNK):
        part = slice(first, first + CHUNK)
        v = power[part, None, :] * (reaches[part] if len(reaches) > 1 else reaches).transpose(0, 2, 1)
        v[:, n, n] = power[part]
        for end in range(2):
            out[end, part] = kernel.spoils(v, v, g, share[end], gamma)
    return out


def _protection(
    gamma: float, ends: NDArray[np.float64], paths: NDArray[np.float64], vulnerable: NDArray[np.int8], known: NDArray[np.bool_]
) -> Protection:  # fmt: skip
    """Return what trade does at one gamma: unknown where it turns on trade or strengths that are not known."""
    interval = np.full_like(ends, np.nan)
    interval[0, known] = np.minimum(
        np.quantile(paths[0][:, known], 0.05, axis=0, method="inverted_cdf"), ends[0, known]
    )
    interval[1, known] = np.maximum(
        np.quantile(paths[1][:, known], 0.95, axis=0, method="inverted_cdf"), ends[1, known]
    )
    with np.errstate(invalid="ignore"):
        yes, no = (vulnerable == 1) & (ends[0] > 0), (vulnerable == 0) | (ends[1] == 0)
        p = np.where(known, (np.isfinite(paths[1]) & (paths[0] > 0)).mean(axis=0), np.nan)
    return Protection(gamma, ends, interval, np.where(known & yes, 1, np.where(known & no, 0, -1)).astype(np.int8), p)


def _ties(
    base: Stability, had: Trade, share: NDArray[np.float64], v: NDArray[np.float64], gamma: float
) -> list[TradeTie]:  # fmt: skip
    """Return why each tie is kept at one gamma; (S3) is of the states whose strength is known, as in the audit."""
    place = np.flatnonzero(base.known)
    within = np.ix_(place, place)
    of = kernel.odds(v[within], base.ties[within])
    hit = np.zeros(len(base.ids), dtype=np.bool_)
    hit[place] = kernel.beaten(of, gamma).any(axis=1)
    without = np.zeros_like(base.ties)
    without[within] = kernel.needed(v[within], base.ties[within], of, gamma)

    def end(i: int, k: int) -> End:
        if not (base.known[i] and base.known[k]):
            return "unknown"
        return "idle" if not without[i, k] else "lost anyway" if hit[i] else "saved"

    def one(i: int, k: int) -> TradeTie:
        ends: tuple[End, End] = (end(i, k), end(k, i))
        shares = (_pair(share[:, i, k]), _pair(share[:, k, i]))
        flow = _pair(had.flow[:, i, k])
        free = [s for e, s in zip(ends, shares, strict=True) if e == "idle"]
        worth = (min(s[0] for s in free), min(s[1] for s in free)) if free else None
        return TradeTie(gamma, base.ids[i], base.ids[k], flow, *shares, *ends, _kept(ends, flow), worth)

    return [one(int(i), int(k)) for i, k in np.argwhere(np.triu(base.ties))]


def _kept(ends: tuple[End, End], flow: tuple[float, float]) -> Kept:
    """Return why a tie is kept: by need, by trade or by nothing; unknown where strength is, or where the trade it turns on is."""
    if "unknown" in ends:
        return "unknown"
    if "idle" not in ends:
        return "need"
    return "trade" if flow[0] > 0 else "nothing" if flow[1] == 0 else "unknown"


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return two numbers."""
    return float(values[0]), float(values[1])

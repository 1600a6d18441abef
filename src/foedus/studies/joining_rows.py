"""Rows for the model of joining: every state at risk of entering every round of every dispute or war, with its terms and what it did.

Built with joins and whole arrays over rounds, sides and states; the rules are those of ``docs/decisions/0012-who-joins.md``. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.kernels import streams
from foedus.studies import joining_facts as facts
from foedus.studies import joining_parts as of
from foedus.war import features

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from foedus.studies.joining_facts import States

FAR_SHARE = 10
"""One in so many rows of states without any link to the event is fitted on, with so much weight."""


@dataclass(frozen=True)
class Rows:
    """Rows at risk, n of them.

    Attributes
    ----------
    terms : tuple of str
    x : float32 array, shape (n, 2, k)
        Terms as seen towards A and towards B; NaN where unknown.
    y : int8 array, shape (n,)
        0 stayed out, 1 entered on A, 2 on B.
    event, ccode, round : int32 arrays, shape (n,)
    begun, year, closed : int32 arrays, shape (n,)
        Year in which the event began, in which the round began, and in which it ended if not cut short.
    foe : int32 array, shape (n,)
        Code of the strongest participant of side B.
    weight : float64 array, shape (n,)
        How many rows one stands for in a fit; 0 for those left out of it.
    border, pledge, joiner : bool arrays, shape (n,)
        Land border with a participant, defence pledge to one, and whether it joined any dispute in the year before the round.
    warlike : bool array, shape (n,)
        The event became an inter-state war.
    lost : int
        Entries that have no row: outside the system on the round's first day, or in a round that does not exist.
    """

    terms: tuple[str, ...]
    x: NDArray[np.float32]
    y: NDArray[np.int8]
    event: NDArray[np.int32]
    ccode: NDArray[np.int32]
    round: NDArray[np.int32]
    begun: NDArray[np.int32]
    year: NDArray[np.int32]
    closed: NDArray[np.int32]
    foe: NDArray[np.int32]
    weight: NDArray[np.float64]
    border: NDArray[np.bool_]
    pledge: NDArray[np.bool_]
    joiner: NDArray[np.bool_]
    warlike: NDArray[np.bool_]
    lost: int

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> Rows:
        """Return some rows."""
        return replace(
            self, **{f.name: getattr(self, f.name)[which] for f in fields(self) if f.name not in {"terms", "lost"}}
        )

    def columns(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return some terms, shape (n, 2, len(terms))."""
        return self.x[:, :, [self.terms.index(t) for t in terms]]

    def unknown(self) -> dict[str, float]:
        """Return the share of rows in which a term is unknown towards either side, of terms where it ever is."""
        share = np.isnan(self.x).any(axis=1).mean(axis=0)
        return {t: float(s) for t, s in zip(self.terms, share, strict=True) if s}


def joining_rows(
    source: of.Source = "disputes", *, data_dir: DataDir | str | os.PathLike[str] | None = None, terms: Sequence[str] | None = None, seed: int = 1
) -> Rows:  # fmt: skip
    """Return every row at risk of joining.

    Parameters
    ----------
    source : {"disputes", "wars", "iwd"}
        GML disputes, Correlates of War inter-state wars, or Interstate War Data.
    data_dir : DataDir, str or Path, optional
    terms : sequence of str, optional
        By default all of `foedus.war.features.TERMS` that vary in the source.
    seed : int
        Of the stream that chooses which rows without any link are fitted on.

    Raises
    ------
    DataError
        Data sets that are not there.
    ParameterError
        Another source, or no such term.

    References
    ----------
    [Gibler2016]_, [Sarkees2010]_, [Reiter2016]_
    """
    folder = DataDir.of(data_dir)
    parts = of.participants(folder, source)
    every = of.rounds(parts, of.SOURCES[source][1])
    states = facts.States.of(folder)
    look = facts.outlook(folder, states, every, of.present(every, parts), parts)
    risk, took, lost = _risk(every, parts, states)
    at = np.nonzero(risk)
    wanted = (
        tuple(terms)
        if terms
        else tuple(features.TERMS if source == "disputes" else features.of_wars(tuple(features.TERMS)))
    )
    x = np.empty((len(at[0]), 2, len(wanted)), dtype=np.float32)
    for k, name in enumerate(wanted):
        x[:, :, k] = features.term(look, name)[at[0], :, at[1]]
    borders = _tied(look, "border_own")[at]
    pledged = _tied(look, "defense")[at]
    near = borders | (look.state["major"] > 0)[at] | (took > 0)[at]
    for name in ("rival_own", "defense", "offense", "consult", "nonagg"):
        near |= _tied(look, name)[at]
    years = {name: every[name].dt.year().to_numpy().astype(np.int32)[at[0]] for name in ("begun", "begin", "until")}
    numbers = {name: every[name].to_numpy().astype(np.int32)[at[0]] for name in ("event", "round")}
    ccode = states.code[at[1]]
    return Rows(
        wanted, x, took[at], numbers["event"], ccode, numbers["round"], years["begun"], years["begin"], years["until"],
        states.code[features.strongest(look)[:, 1]][at[0]], event_weights(near, numbers["event"], ccode, numbers["round"], seed),
        borders, pledged, facts.joined_last_year(folder, states, every)[at], facts.warlike(folder, source, every)[at[0]], lost,
    )  # fmt: skip


def _tied(look: features.Outlook, name: str) -> NDArray[np.bool_]:
    """Return which states have a tie to a participant of either side, shape (R, S)."""
    return np.any(features.term(look, name) > 0, axis=1)


def _risk(every: pl.DataFrame, parts: pl.DataFrame, states: States) -> tuple[NDArray[np.bool_], NDArray[np.int8], int]:
    """Return who is at risk in each round and what it did, shape (R, S), and how many entries have no row."""
    import polars as pl

    risk = states.members(every["begin"].to_numpy())
    numbered = every.select("event", "round", "begin").with_row_index("r")
    been = numbered.join(parts, on="event").filter(pl.col("original") | (pl.col("start") < pl.col("begin")))
    risk[been["r"].to_numpy(), states.index[been["ccode"].to_numpy()]] = False
    took = np.zeros(risk.shape, dtype=np.int8)
    entered = of.entries(parts)
    placed = numbered.select("event", "round", "r").join(entered, on=["event", "round"])
    r, s = placed["r"].to_numpy(), states.index[placed["ccode"].to_numpy()]
    took[r, s] = placed["side"].to_numpy() + 1
    took[~risk] = 0
    return risk, took, entered.height - int((took > 0).sum())


def event_weights(
    near: NDArray[np.bool_], event: NDArray[np.int32], ccode: NDArray[np.int32], number: NDArray[np.int32], seed: int
) -> NDArray[np.float64]:  # fmt: skip
    """Return 1 for rows with a link, `FAR_SHARE` for the others that are drawn, 0 for the rest; by what the row is, not by its place."""
    key = (
        event.astype(np.uint64) * np.uint64(100_000)
        + ccode.astype(np.uint64) * np.uint64(100)
        + number.astype(np.uint64)
    )
    u = streams.uniforms(seed, key, 1)[0]
    return np.where(near, 1.0, np.where(u < 1 / FAR_SHARE, float(FAR_SHARE), 0.0))

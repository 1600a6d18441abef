"""Every defence pact since 1816 at its signature: what it assures, whom it alarms, and what followed.

For each ATOP alliance with a pledge of defence the account of `foedus.security.account` on the system of the day after; beside it the disputes of
the five years after (`foedus.studies.pact_aftermath`) and what the most alarmed outsiders signed (`foedus.studies.pact_answers`). The account is a
model's, the rest a record; nothing here is fitted to the other.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import files, limits
from foedus.data.store import DataDir
from foedus.errors import CoverageError, InvalidSystemError, ParameterError, message, parameter
from foedus.estimate.nested import Estimate, drawn
from foedus.security.account import p_larger, parties, two_sums
from foedus.security.effects import changes
from foedus.security.hazard import threats
from foedus.studies.pact_aftermath import NULLS, OUTCOMES, Aftermath, Record, aftermath, over_pacts
from foedus.studies.pact_answers import KINDS, YEARS, Entries, plus_years, share
from foedus.system.edits import VoidPact
from foedus.system.signed import Signed, defence_pacts, signed_system
from foedus.system.tables import Tables

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System

ERAS = ((1816, 1913), (1914, 1945), (1946, 1989), (1990, 2018))
SURE = 0.95
"""Share of the draws from which on a pact is counted as assuring or as alarming more."""
TOP = 3
"""Outsiders of each pact, the most alarmed, whose answer is looked up."""
FORMAT = 1
_SHARES = ("alarmed_before", "alarmed_after", "others_before", "others_after")


@dataclass(frozen=True)
class Kept:
    """The account of one pact as it is kept in a file: lists of draws."""

    pact: str
    name: str
    members: list[int]
    assurance: list[float]
    aggravation: list[float]
    attacked: list[float]
    alarmed: list[list[Any]]
    left_out: str = ""


@dataclass(frozen=True)
class PactRow:
    """One pact: its account and what followed.

    Attributes
    ----------
    assurance, aggravation : float array, shape (draws,)
        Sums of chances a year; the same draw of every pact shares its coefficients.
    attacked : float array, shape (draws,)
        Change of the mean chance of a member to be attacked.
    alarmed : tuple of (str, int, float)
        The most alarmed outsiders: id, code and alarm.
    answered : dict of str to tuple
        By kind of pact the shares that entered one: of the alarmed before and after, of all other outsiders before and after; None where unknown.
    """

    signed: Signed
    name: str
    members: tuple[int, ...]
    assurance: NDArray[np.float64]
    aggravation: NDArray[np.float64]
    attacked: NDArray[np.float64]
    alarmed: tuple[tuple[str, int, float], ...]
    after: Aftermath | None
    answered: dict[str, tuple[float | None, ...]]

    @property
    def p_assures(self) -> float | None:
        """Share of the draws in which assurance is the larger."""
        return p_larger(self.assurance, self.aggravation)

    @property
    def verdict(self) -> str:
        """Which is larger in at least `SURE` of the draws."""
        p = self.p_assures
        if p is None:
            return "neither"
        return "assures more" if p >= SURE else "alarms more" if p <= 1 - SURE else "unsure"


@dataclass(frozen=True)
class PactAccounts:
    """All pacts, those left out with the reason, and the two answers over eras."""

    rows: tuple[PactRow, ...]
    left_out: tuple[tuple[str, str], ...]
    draws: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a pact, by day of signature."""
        import polars as pl

        out = []
        for r in self.rows:
            a, b = drawn(r.assurance), drawn(r.aggravation)
            out.append(
                {
                    "pact": f"ATOP:{r.signed.atop}", "name": r.name, "signed": r.signed.date, "members": len(r.members), "assurance": a.mean,
                    "assurance_low": a.low, "assurance_high": a.high, "aggravation": b.mean, "aggravation_low": b.low, "aggravation_high": b.high,
                    "p_assures": r.p_assures, "verdict": r.verdict,
                    "alarmed": ", ".join(x[0] for x in r.alarmed),
                    **{f"{n}_{o}": float(r.after.against[n][k]) if r.after else None for n in NULLS for k, o in enumerate(OUTCOMES)},
                }
            )  # fmt: skip
        return pl.DataFrame(out, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))

    def eras(self) -> pl.DataFrame:
        """Return assurance and aggravation summed over the pacts of each era and of all, and how many pacts say which is larger."""
        import polars as pl

        out = []
        for label, rows in self._by_era():
            a, b = (np.sum([getattr(r, w) for r in rows], axis=0) for w in ("assurance", "aggravation"))
            verdicts = [r.verdict for r in rows]
            row: dict[str, Any] = {"era": label, "pacts": len(rows)}
            for name, values in (("assurance", a), ("aggravation", b), ("net", b - a)):
                row |= _flat(name, drawn(values / len(rows)))
            out.append(
                row
                | {v.replace(" ", "_"): verdicts.count(v) for v in ("assures more", "alarms more", "unsure", "neither")}
            )
        return pl.DataFrame(out)  # fmt: skip

    def followed(self, *, by: str = "pact") -> pl.DataFrame:
        """Return what followed by era, outcome and null: mean over pacts of the change of new disputes a member and year, with a 90 % interval.

        Parameters
        ----------
        by : str
            Resample ``pact`` by pact, or all pacts of a ``year`` together, which allows for what they share.
        """
        import polars as pl

        if by not in ("pact", "year"):
            raise parameter("by", by, "pact or year")
        out = []
        for label, rows in self._by_era():
            scored = [(k, r, r.after) for k, r in enumerate(rows) if r.after is not None]
            if not scored:
                continue
            cluster = np.array([k if by == "pact" else r.signed.date.year for k, r, _ in scored])
            values = np.array([[a.against[null] for null in NULLS] for *_, a in scored])
            found = over_pacts(values.reshape(len(scored), -1), cluster, seed=self.seed)
            before, after = (np.mean([getattr(a, w) for *_, a in scored], axis=0) for w in ("before", "after"))
            for o, outcome in enumerate(OUTCOMES):
                row = {"era": label, "disputes": outcome, "before": float(before[o]), "after": float(after[o])}
                for k, null in enumerate(NULLS):
                    mean, low, high, known = found[k * len(OUTCOMES) + o]
                    row |= {null: mean, f"{null}_low": low, f"{null}_high": high, f"{null}_pacts": known}
                out.append(row)
        return pl.DataFrame(out, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))

    def agreement(self) -> tuple[float, float, float, int]:
        """Return the rank correlation over pacts of the account's change of being attacked with that of attacks by outsiders against the matched.

        Spearman's, with a 90 % interval over resampled pacts, and the number of pacts; above 0 the account orders pacts as what followed does.
        """
        pairs = [
            (r.attacked.mean(), r.after.against["matched"][OUTCOMES.index("attacked")]) for r in self.rows if r.after
        ]
        values = np.array([p for p in pairs if not np.isnan(p[1])]).reshape(-1, 2)
        return _spearman(values, self.seed)

    def answers(self) -> pl.DataFrame:
        """Return how often the most alarmed outsiders entered a pact in the `YEARS` years before and after, and how often all other outsiders did.

        ``more`` is the change of the first less the change of the second, with its 90 % interval over resampled pacts.
        """
        import polars as pl

        out = []
        for label, rows in self._by_era():
            for kind in KINDS:
                known = [r.answered[kind] for r in rows if all(x is not None for x in r.answered[kind])]
                shares = np.array(known, dtype=np.float64).reshape(-1, 4)
                more = shares @ np.array([[-1.0], [1.0], [1.0], [-1.0]])
                ((mean, low, high, n),) = over_pacts(more, np.arange(len(shares)), seed=self.seed)
                columns = shares.mean(axis=0).tolist() if n else [None] * 4
                row = {"era": label, "kind": kind, "pacts": n} | dict(zip(_SHARES, columns, strict=True))
                out.append(row | {"more": mean, "more_low": low, "more_high": high})
        return pl.DataFrame(out, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        agreement = [None if x != x else x for x in self.agreement()]  # noqa: PLR0124 - NaN is unknown
        return {
            "pacts": self.table().to_dicts(), "eras": self.eras().to_dicts(), "followed": self.followed().to_dicts(),
            "followed_by_year": self.followed(by="year").to_dicts(),
            "agreement": dict(zip(("rank", "low", "high", "pacts"), agreement, strict=True)),
            "answers": self.answers().to_dicts(), "left_out": [{"pact": p, "why": w} for p, w in self.left_out], "draws": self.draws,
            "seed": self.seed, "standing": "accounts estimated, disputes and answers observed",
        }  # fmt: skip

    def _by_era(self) -> list[tuple[str, list[PactRow]]]:
        """Return the pacts of each era that has any, and of all."""
        out = [(f"{a}-{b}", [r for r in self.rows if a <= r.signed.date.year <= b]) for a, b in ERAS]
        return [(label, rows) for label, rows in (*out, ("all", list(self.rows))) if rows]


def pact_accounts(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, first: int = 1816, last: int = 2018, draws: int = 20, seed: int = 1,
    save: Path | None = None, resume: Path | None = None, progress: Callable[[float], None] | None = None,
) -> PactAccounts:  # fmt: skip
    """Return the accounts of all defence pacts, with what followed; some minutes for two centuries.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    first, last : int
        Years of signature, 1816 to 2018.
    draws, seed : int
        Draws of uncertain inputs and coefficients, shared by all pacts.
    save : Path, optional
        Where Ctrl-C leaves the accounts that are done.
    resume : Path, optional
        File that a stopped run left: its accounts are not computed again.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        Years out of range or in the wrong order, too few draws, or ``resume`` is not of a run with these inputs.
    """
    if not 1816 <= first <= last <= 2018 or draws < 2:
        raise parameter(
            "first, last, draws", f"{first}, {last}, {draws}", "years from 1816 to 2018 in order, and at least 2 draws"
        )
    store = DataDir.of(data_dir)
    tables, record = Tables.read(store), Record.read(store)
    asked = defence_pacts(tables, first=first, last=last)
    book = _Book(resume, _about(store, tables, draws, seed))
    entries = Entries(tables["atop5_1m"], tables.last_year("atop5_1m"))
    rows, left = [], []
    for done, signed in enumerate(asked):
        try:
            kept = book.done.get(signed.pact) or _account(signed, tables, draws=draws, seed=seed)
        except KeyboardInterrupt:
            if save is not None and book.done:
                book.save(save)
            raise
        book.done[signed.pact] = kept
        if kept.left_out:
            left.append((f"ATOP:{signed.atop}", kept.left_out))
        else:
            rows.append(_row(signed, kept, record, entries))
        if progress is not None:
            progress((done + 1) / len(asked))
    return PactAccounts(tuple(rows), tuple(left), draws, seed)


def _account(signed: Signed, tables: Tables, *, draws: int, seed: int) -> Kept:
    """Return the account of one pact on the day after its signature, or why there is none."""
    try:
        system = signed_system(signed, tables)
        without = VoidPact(signed.pact).apply(system)
    except (InvalidSystemError, CoverageError) as error:
        short = (
            "fewer than two signatories are states here"
            if isinstance(error, InvalidSystemError)
            else str(error).splitlines()[0]
        )
        return Kept(signed.pact, signed.name, [], [], [], [], [], left_out=short)
    pact = next(p for p in system.pacts if p.id == signed.pact)
    inside = [system.index[m] for m in parties(pact, system)]
    before, after = (threats(s, seed=seed, draws=draws) for s in (without, system))
    change = changes(before, after, inside)
    fall, rise = two_sums(change, inside)
    alarm = change.alarm.mean(axis=0)
    outside = [k for k in np.argsort(-alarm, kind="stable").tolist() if k not in set(inside) and alarm[k] > 0]
    return Kept(
        signed.pact, pact.name, _codes(system, inside), fall.tolist(), rise.tolist(), change.attacked[:, inside].mean(axis=1).tolist(),
        [[system.ids[k], system.actors[k].cow, float(alarm[k])] for k in outside if system.actors[k].cow is not None][:TOP],
    )  # fmt: skip


def _codes(system: System, positions: list[int]) -> list[int]:
    """Return the codes of some actors, those that have one."""
    return [c for k in positions if (c := system.actors[k].cow) is not None]


def _row(signed: Signed, kept: Kept, record: Record, entries: Entries) -> PactRow:
    """Return one pact with what followed."""
    alarmed = [a[1] for a in kept.alarmed]
    there = [c for c, start, end in record.states if start <= signed.date <= end]
    rest = sorted(set(there) - set(kept.members) - set(alarmed))
    ago = plus_years(signed.date, -YEARS)
    answered = {
        kind: tuple(
            share(entries.entered(c, day, YEARS, kind, without=signed.atop) for c in codes)
            for codes in (alarmed, rest) for day in (ago, signed.date)
        )
        for kind in KINDS
    }  # fmt: skip
    return PactRow(
        signed, kept.name, tuple(kept.members), np.array(kept.assurance), np.array(kept.aggravation), np.array(kept.attacked),
        tuple((a, c, v) for a, c, v in kept.alarmed), aftermath(record, kept.members, signed.date), answered,
    )  # fmt: skip


class _Book:
    """Accounts that are done, and the file that a stopped run leaves: what they are of, then one JSON line each."""

    def __init__(self, resume: Path | None, about: str) -> None:
        self.about, self.done = about, {}
        if resume is None:
            return
        try:
            head, *lines = limits.text(resume, error=ParameterError).splitlines()
            if limits.plain(head) != {"format": FORMAT, "about": about}:
                raise _of_another_run(resume)
            self.done = {k.pact: k for k in (Kept(**limits.plain(line)) for line in lines)}
        except (OSError, ValueError, TypeError) as error:
            if isinstance(error, ParameterError):
                raise
            raise ParameterError(
                message(
                    f"Cannot read {resume} as accounts of pacts",
                    got=str(error),
                    expected="a file that foedus pact-account --all left",
                )
            ) from error

    def save(self, path: Path) -> None:
        """Write what is done; the file is whole or absent (convention 4.12)."""
        lines = [{"format": FORMAT, "about": self.about}, *(asdict(k) for k in self.done.values())]
        files.replace_file(path, "".join(json.dumps(line) + "\n" for line in lines).encode())


def _of_another_run(path: Path) -> ParameterError:
    """Return the error of a file of other inputs."""
    hint = "give another file, or repeat the command of the run that was stopped"
    got = "other data, draws, seed, parameters or version of foedus"
    return ParameterError(message(f"{path} holds accounts of other inputs", got=got, hint=hint))


def _about(store: DataDir, tables: Tables, draws: int, seed: int) -> str:
    """Return a digest of what accounts depend on: data, parameters, version, draws and seed."""
    from foedus import __version__

    files = sorted((s, store.provenance(s).sha256) for s in tables.frames)
    shipped = [
        (f.name, f.read_bytes()) for room in ("foedus.params", "foedus.data.own") for f in resources.files(room).iterdir() if f.name.endswith(".toml")
    ]  # fmt: skip
    return hashlib.blake2b(
        repr((files, sorted(shipped), __version__, draws, seed)).encode(), digest_size=16
    ).hexdigest()


def _flat(name: str, e: Estimate) -> dict[str, float]:
    """Return an estimate as columns."""
    return {name: e.mean, f"{name}_low": e.low, f"{name}_high": e.high}


def _spearman(values: NDArray[np.float64], seed: int) -> tuple[float, float, float, int]:
    """Return the rank correlation of two columns with its interval over resampled rows; NaN for fewer than three rows or without any spread."""
    from scipy.stats import rankdata

    n = len(values)
    if n < 3 or np.ptp(values, axis=0).min() == 0:
        return float("nan"), float("nan"), float("nan"), n
    rows = np.concatenate([np.arange(n)[None], np.random.default_rng([seed, 41]).integers(n, size=(1000, n))])
    ranks = rankdata(values[rows], axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    spread = np.sqrt((ranks**2).sum(axis=1).prod(axis=1))
    found = np.divide(ranks.prod(axis=2).sum(axis=1), spread, out=np.full(len(rows), np.nan), where=spread > 0)
    low, high = np.nanquantile(found[1:], [0.05, 0.95])
    return float(found[0]), float(low), float(high), n

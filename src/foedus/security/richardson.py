"""Richardson's arms race: where it settles, whether it does, and which way it runs if not [Richardson1960]_.

``dx_i / dt = sum_j r_ij x_j - a_i x_i + g_i``: each arms against what the others have (reaction), tires of its own burden (fatigue) and bears a
grievance or good will. With two, it settles if and only if ``a b > k l``. Coefficients are the user's, numbers or ranges; none is fitted here, and
the linear model knows no budget, no war and no stock below zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.kernels import streams
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

Floats = NDArray[np.float64]
Tendency = Literal["settles", "runs up", "runs down", "undetermined"]
_ZERO = 1e-10


@dataclass(frozen=True, eq=False)
class ArmsRace:
    """An arms race, exact at the middle of its coefficients; intervals over draws if any of them is uncertain.

    Attributes
    ----------
    equilibrium : float64 array, shape (n,), or None
        Levels at which nobody changes; None where the system has not exactly one. Below zero it lies outside what the model is about.
    eigenvalues : complex128 array, shape (n,)
        By real part, least first. Settles if the last one is below zero.
    tends : str
        ``settles``; from ``start`` it ``runs up`` without end or ``runs down`` through zero; ``undetermined`` on the border between.
    settles : Estimate or None
        Share of draws in which it settles; None if nothing is uncertain.
    levels : tuple of Estimate or None
        Equilibrium of each over the draws that settle; None if nothing is uncertain, empty if none settles.
    """

    names: tuple[str, ...]
    reaction: Floats
    fatigue: Floats
    grievance: Floats
    start: Floats
    equilibrium: Floats | None
    eigenvalues: NDArray[np.complex128]
    tends: Tendency
    settles: Estimate | None
    levels: tuple[Estimate, ...] | None
    draws: int
    seed: int

    @property
    def stable(self) -> bool:
        """Whether it settles whatever the start, at the middle of the coefficients."""
        return bool(self.eigenvalues[-1].real < 0) and self.tends == "settles"

    def at(self, time: float) -> Floats:
        """Return the levels after ``time`` units from ``start``, shape (n,)."""
        from scipy.linalg import expm

        if not np.isfinite(time) or time < 0:
            raise parameter("time", time, "finite and at least 0")
        n = len(self.names)
        whole = np.zeros((n + 1, n + 1))
        whole[:n, :n] = self.reaction - np.diag(self.fatigue)
        whole[:n, n] = self.grievance
        return np.asarray(expm(whole * time) @ np.append(self.start, 1.0), dtype=np.float64)[:n]

    def table(self) -> pl.DataFrame:
        """Return one row an actor."""
        import polars as pl

        unknown = [None] * len(self.names)
        columns = {"actor": self.names, "fatigue": self.fatigue, "grievance": self.grievance, "start": self.start,
                   "equilibrium": unknown if self.equilibrium is None else self.equilibrium}  # fmt: skip
        for end in ("low", "high"):
            columns[f"equilibrium_{end}"] = [getattr(e, end) for e in self.levels] if self.levels else unknown
        return pl.DataFrame(
            columns, schema_overrides=dict.fromkeys([c for c in columns if "equilibrium" in c], pl.Float64)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "actors": self.table().to_dicts(), "reaction": self.reaction.tolist(),
            "eigenvalues": [[v.real, v.imag] for v in self.eigenvalues.tolist()],
            "tends": self.tends, "stable": self.stable, "settles": self.settles.to_dict() if self.settles else None, "draws": self.draws,
            "seed": self.seed, "standing": "exact for the coefficients given; none is estimated",
        }  # fmt: skip


def arms_race(
    reaction: Sequence[Sequence[Any]], fatigue: Sequence[Any], grievance: Sequence[Any], *, start: Sequence[float] | None = None,
    names: Sequence[str] | None = None, draws: int = 1000, seed: int = 1,
) -> ArmsRace:  # fmt: skip
    """Return where a linear arms race settles, or which way it runs.

    Parameters
    ----------
    reaction : (n, n) of number, ``[low, high]`` or ``{mean, sd}``
        What row adds per unit of column's arms, at least 0; the diagonal is 0.
    fatigue : (n,) of the same
        Above 0.
    grievance : (n,) of the same
        Any sign; below 0 is good will.
    start : (n,) of float, optional
        Levels now; all 0 by default.
    names : sequence of str, optional
    draws, seed : int
        Draws of uncertain coefficients, those of a number kept whatever else is uncertain.

    Returns
    -------
    ArmsRace

    Raises
    ------
    ParameterError
        Shapes that do not fit, a number out of range, or fewer than 20 draws.

    Notes
    -----
    With ``x' = k y - a x + g`` and ``y' = l x - b y + h`` the equilibrium is ``((k h + b g), (l g + a h)) / (a b - k l)``, and it is approached if
    and only if ``a b > k l``. For more than two, reactions of at least 0 make the greatest eigenvalue real with a left vector of at least 0, whose
    product with the distance from equilibrium tells which way a race runs.

    Examples
    --------
    >>> import foedus as fd
    >>> race = fd.arms_race([[0, 2], [4, 0]], fatigue=[5, 3], grievance=[5, 4])
    >>> (race.equilibrium * 7).round(9).tolist(), race.tends
    ([23.0, 40.0], 'settles')
    """
    n = len(fatigue)
    labels = tuple(names) if names is not None else tuple("AB" if n == 2 else (str(k) for k in range(n)))
    if (
        n < 2
        or len(reaction) != n
        or any(len(row) != n for row in reaction)
        or len(grievance) != n
        or len(set(labels)) != n
        or len(labels) != n
    ):
        raise parameter(
            "reaction",
            f"{len(reaction)} rows for {n} of fatigue, {len(grievance)} of grievance, names {labels}",
            "n >= 2 of each",
        )
    if draws < 20:
        raise parameter("draws", draws, "at least 20")
    levels = np.zeros(n) if start is None else np.array(start, dtype=np.float64)
    if levels.shape != (n,) or not np.isfinite(levels).all() or (levels < 0).any():
        raise parameter("start", start, f"{n} finite levels of at least 0")
    parts = {
        f"reaction:{a}:{b}": _quantity(reaction[i][j], "reaction", 0.0)
        for i, a in enumerate(labels)
        for j, b in enumerate(labels)
    }
    for i, a in enumerate(labels):
        if parts[f"reaction:{a}:{a}"] != Quantity(0.0, 0.0):
            raise parameter(
                "reaction",
                f"{reaction[i][i]!r} of {a} to itself",
                "0 on the diagonal; what it takes off itself is fatigue",
            )
    parts |= {f"fatigue:{a}": _quantity(v, "fatigue", 1e-300) for a, v in zip(labels, fatigue, strict=True)}
    parts |= {f"grievance:{a}": _quantity(v, "grievance", -np.inf) for a, v in zip(labels, grievance, strict=True)}
    centre = np.array([q.centre for q in parts.values()])
    r, a, g = centre[: n * n].reshape(n, n), centre[n * n : -n], centre[-n:]
    values, equilibrium, tends = _solve(r, a, g, levels)
    uncertain = any(q.uncertain for q in parts.values())
    settles, bands = _over_draws(parts, n, draws, seed) if uncertain else (None, None)
    return ArmsRace(
        labels, r, a, g, levels, equilibrium, values, tends, settles, bands, draws if uncertain else 0, seed
    )


def _quantity(raw: Any, name: str, low: float) -> Quantity:
    """Return a coefficient; one out of range is an error."""
    try:
        return Quantity.of(raw, bounds=(low, np.inf))
    except (TypeError, ValueError) as error:
        expected = {0.0: "at least 0", 1e-300: "above 0"}.get(low, "finite")
        raise parameter(name, raw, f"a number, [low, high] or mean and sd, {expected}") from error


def _solve(r: Floats, a: Floats, g: Floats, start: Floats) -> tuple[NDArray[np.complex128], Floats | None, Tendency]:
    """Return the eigenvalues, the equilibrium and where a race tends from its start."""
    m = r - np.diag(a)
    found = np.linalg.eig(m.T)
    values, vectors = np.asarray(found[0], dtype=np.complex128), np.asarray(found[1])
    order = np.argsort(values.real)
    values = values[order]
    left = np.real(vectors[:, order[-1]])
    left = left * np.sign(left.sum() or 1.0)
    size = np.abs(m).max()
    equilibrium = None if np.abs(values).min() <= _ZERO * size else np.asarray(np.linalg.solve(-m, g), dtype=np.float64)
    top = values[-1].real
    if top < -_ZERO * size:
        return values, equilibrium, "settles"
    push = left @ (m @ start + g)
    if abs(push) <= _ZERO * (np.abs(g).max() + size * np.abs(start).max()):
        return values, equilibrium, "undetermined"
    return values, equilibrium, "runs up" if push > 0 else "runs down"


def _over_draws(parts: dict[str, Quantity], n: int, draws: int, seed: int) -> tuple[Estimate, tuple[Estimate, ...]]:
    """Return the share of draws that settle, and the equilibrium over those."""
    u = streams.uniforms(seed, streams.keys_of([f"richardson:{k}" for k in parts]), draws)
    values = np.stack([np.broadcast_to(q.at(u[:, k]), (draws,)) for k, q in enumerate(parts.values())], axis=1)
    m = values[:, : n * n].reshape(draws, n, n) - values[:, n * n : -n, None] * np.eye(n)
    stable = np.linalg.eigvals(m).real.max(axis=1) < 0
    x = np.asarray(np.linalg.solve(-m[stable], values[stable, -n:, None]), dtype=np.float64)[..., 0]
    return nested(stable[:, None], 1)[0], tuple(drawn(x[:, k]) for k in range(n)) if len(x) else ()

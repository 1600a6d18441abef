"""The statistical ultimatum game: how a good is shared when one offers and the other accepts or ends it, fitted to offers and answers.

One offers a part y of a good of size Q; two takes it, or both fall back on what they have without agreement: one on R1 = X b + e1, two on R2 = Z g +
e2, e1 and e2 logistic with scales s1 and s2, each known to its owner alone [RamsaySignorino2009]_. Two accepts where y > R2. One's best offer solves
Q - y - R1 = s2 (1 + exp((y - Z g) / s2)), cut off at 0 and Q. The text could not be read here: the formulas below are derived from these
sentences and checked against offers found by brute force [H]. Knows no war.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, ParameterError, message, parameter
from foedus.estimate import covariance as sandwiches
from foedus.estimate.design import Missing, check_columns, parts
from foedus.estimate.estimates import Estimates
from foedus.estimate.maximum import highest

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from foedus.estimate.design import Columns
    from foedus.panel.panel import Panel

PARTS = ("reservation1", "reservation2", "log_scale1", "log_scale2")


@dataclass(frozen=True, kw_only=True)
class Ultimatum(Estimates):
    """A fitted ultimatum game; estimated, with intervals. Reservation values are in units of the good, scales are logarithms.

    Attributes
    ----------
    formula : str
    size : float
        Of the good.
    columns : tuple of Columns
        How to make the columns of both reservation values.
    n, accepted, at_zero, at_all : int
        Rows; those accepted (None where answers are not known); offers of nothing, and of the whole good.
    log_likelihood : float
    starts : tuple of float
        Log-likelihood where each start's climb ended.
    reached : int
        How many ended at the maximum reported.
    seed : int
        Of the starts that are drawn.
    """

    formula: str
    size: float
    columns: tuple[Columns, ...]
    n: int
    accepted: int | None
    at_zero: int
    at_all: int
    log_likelihood: float
    starts: tuple[float, ...]
    reached: int
    seed: int

    def predict(self, frame: Panel | IntoFrame) -> NDArray[np.float64]:
        """Return, for each row, the offer at one's mean reservation value and the chance that it is accepted, shape (n, 2)."""
        x, z = (c.of(frame) for c in self.columns)
        cut, s2 = x.shape[1], float(np.exp(self.coef[-1]))
        one, two = x @ self.coef[:cut], z @ self.coef[cut:-2]
        offer = best_offer(one, two, self.size, s2)
        return np.stack([offer, _share((offer - two) / s2)], axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "formula": self.formula, "game": "ultimatum", "size": self.size, "n": self.n, "accepted": self.accepted, "at_zero": self.at_zero,
            "at_all": self.at_all, "errors": self.errors, "log_likelihood": self.log_likelihood, "starts": list(self.starts),
            "reached": self.reached, "coefficients": self.table().rows(named=True),
            "draws": None, "seed": self.seed, "standing": "estimated; the highest likelihood found, not proved the highest",
        }  # fmt: skip

    def __str__(self) -> str:
        head = f"{self.formula} as ultimatum game for {self.size:g}: {self.n:,} rows, log-likelihood {self.log_likelihood:.4f}, errors {self.errors}"
        return "\n".join(
            [
                head,
                *(
                    f"  {r['part']}: {r['term']} {r['estimate']:.4f} ({r['std_error']:.4f})"
                    for r in self.table().rows(named=True)
                ),
            ]
        )


def best_offer(one: NDArray[np.float64], two: NDArray[np.float64], size: float, s2: float) -> NDArray[np.float64]:
    """Return what one offers, at its reservation value and the mean of two's.

    With L = log of the odds of acceptance, the first-order condition is e^L + L = (Q - R1 - Z g) / s2 - 1, solved by Lambert's W through Wright's
    omega, which does not overflow.

    Parameters
    ----------
    one, two : arrays, shape (n,)
        R1 and Z g.
    size : float
        Q.
    s2 : float
        Scale of two's error.

    Examples
    --------
    >>> best_offer(np.array([0.0]), np.array([0.0]), 10.0, 1.0).round(4).tolist()
    [1.9527]
    """
    from scipy.special import wrightomega

    a = (size - one - two) / s2 - 1
    odds = a - wrightomega(a).real
    return np.clip(two + s2 * odds, 0.0, size)


@dataclass(frozen=True)
class Offers:
    """The log-likelihood of an ultimatum game: columns of both reservation values, offers, answers (None where not known), the good's size."""

    x: NDArray[np.float64]
    z: NDArray[np.float64]
    offer: NDArray[np.float64]
    accepted: NDArray[np.bool_] | None
    size: float

    def scores(self, coef: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each row's log-likelihood, shape (n,), and its derivatives by b, g, log s1, log s2, shape (n, k).

        With w = (y - Z g) / s2 and t = (Q - y - s2 (1 + e^w) - X b) / s1, an offer inside (0, Q) has density l(t) (1 + e^w) / s1, l the logistic
        density; one at 0 has chance F(-t), one at Q has F(t); acceptance has chance F(w).
        """
        k = self.x.shape[1]
        s1, s2 = np.exp(coef[-2]), np.exp(coef[-1])
        w = (self.offer - self.z @ coef[k:-2]) / s2
        grown = np.exp(w)
        t = (self.size - self.offer - s2 * (1 + grown) - self.x @ coef[:k]) / s1
        low, high = self.offer <= 0, self.offer >= self.size
        inside = ~(low | high)
        density = -np.abs(t) - 2 * np.log1p(np.exp(-np.abs(t))) - coef[-2] + np.logaddexp(0.0, w)
        log = np.where(inside, density, -np.logaddexp(0.0, np.where(low, t, -t)))
        by_t = np.where(inside, -np.tanh(t / 2), np.where(low, -_share(t), _share(-t)))
        by_w = np.where(inside, _share(w), 0.0)
        if self.accepted is not None:
            log = log - np.logaddexp(0.0, np.where(self.accepted, -w, w))
            by_w = by_w + np.where(self.accepted, _share(-w), -_share(w))
        by_two = by_t * grown / s1 - by_w / s2
        by_log1 = -by_t * t - inside
        by_log2 = by_t * s2 * (grown * w - 1 - grown) / s1 - by_w * w
        return log, np.column_stack([self.x * (-by_t / s1)[:, None], self.z * by_two[:, None], by_log1, by_log2])

    def value(self, coef: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Return the log-likelihood and its gradient."""
        log, score = self.scores(coef)
        return float(log.sum()), score.sum(axis=0)


def ultimatum(
    formula: str, frame: Panel | IntoFrame, *, size: float, accepted: str | None = None, robust: bool = False, missing: Missing = "raise",
    starts: int = 5, seed: int = 1,
) -> Ultimatum:  # fmt: skip
    """Return an ultimatum game fitted to offers, and to answers where they are known.

    Parameters
    ----------
    formula : str
        ``"offer ~ terms of one's reservation value | terms of two's"``.
    frame : Panel or any frame
    size : float
        Of the good, in the unit of offers; offers lie in [0, size].
    accepted : str, optional
        Column of answers, 1 where two accepted. Without it only offers are used, and two's scale rests on their spread alone.
    robust : bool
        Errors that let each row have its own variance.
    missing, starts, seed
        As of `foedus.estimate.strategic.strategic`.

    Raises
    ------
    DataError
        Missing values, offers outside [0, size], answers other than 0 and 1, or coefficients that the rows cannot tell apart.
    ParameterError
        A formula that has not two parts, or a size that is not above 0.

    References
    ----------
    [RamsaySignorino2009]_ for the model; likelihood derived here [H].

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=600)
    >>> offer = best_offer(2 + x + rng.logistic(size=600), np.full(600, 4.0), 10.0, 0.5)
    >>> rows = pl.DataFrame({"offer": offer, "x": x, "yes": (offer > 4 + rng.logistic(scale=0.5, size=600)).astype(int)})
    >>> fit = ultimatum("offer ~ x | 1", rows, size=10, accepted="yes")
    >>> fit.names, fit.coef.round(1).tolist()
    (('reservation1:intercept', 'reservation1:x', 'reservation2:intercept', 'log_scale1', 'log_scale2'), [2.5, 1.0, 4.1, 0.0, -0.8])
    """
    if not np.isfinite(size) or size <= 0:
        raise parameter("size", size, "a size of the good above 0")
    left, sign, right = formula.partition("~")
    texts = tuple(part.strip() for part in right.split("|"))
    if not sign or len(texts) != 2 or not all(texts):
        raise ParameterError(
            message("Cannot read the formula", got=repr(formula), expected="'offer ~ terms of one | terms of two'")
        )
    (x, z), columns, table = parts(
        left.strip(), texts, frame, missing=missing, also=() if accepted is None else (accepted,)
    )
    offer = table[left.strip()].to_numpy().astype(np.float64)
    if ((offer < 0) | (offer > size)).any():
        raise DataError(
            message("An offer outside the good", got=f"{offer.min():g} to {offer.max():g}", expected=f"0 to {size:g}")
        )
    if (spread := float(offer.std())) <= 1e-12 * size:
        raise DataError(message("Offers never differ", got=f"{offer[0]:g} in every row", expected="offers that differ"))
    answers = None if accepted is None else _answers(table[accepted].to_numpy())
    for part, c in zip((x, z), columns, strict=True):
        if c.terms:
            check_columns(part, c.terms)
    sizes = [np.sqrt((part * part).mean(axis=0)) for part in (x, z)]
    scale = np.concatenate([spread / sizes[0], spread / sizes[1], [1.0, 1.0]])
    rows = Offers(x / sizes[0], z / sizes[1], offer / spread, answers, size / spread)
    many = rows.x.shape[1] + rows.z.shape[1] + 2
    found = highest(rows.value, many, starts=starts, seed=seed)
    bread = np.asarray(np.linalg.inv(found.information), dtype=np.float64)
    kind = "robust" if robust else "classical"
    made = sandwiches.robust(bread, rows.scores(found.at)[1]) if robust else bread
    shift = np.zeros(many)
    shift[-2:] = np.log(spread)
    inside = int(((offer > 0) & (offer < size)).sum())
    names = (*(f"{p}:{t}" for p, c in zip(PARTS, columns, strict=False) for t in c.terms), *PARTS[2:])
    return Ultimatum(
        formula=formula, size=size, columns=tuple(columns), n=len(offer), accepted=None if answers is None else int(answers.sum()),
        at_zero=int((offer <= 0).sum()), at_all=int((offer >= size).sum()), log_likelihood=found.value - inside * float(np.log(spread)),
        starts=tuple(end - inside * float(np.log(spread)) for end in found.ends), reached=found.reached, names=names, coef=found.at * scale + shift,
        errors=kind, covariances={kind: made * np.outer(scale, scale)}, resampled=None, seed=seed,
    )  # fmt: skip


def _answers(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return whether two accepted."""
    if strange := sorted({str(v) for v in values.tolist() if v not in (0, 1)}):
        raise DataError(message("Answers", got=", ".join(strange), expected="0 and 1"))
    return values.astype(bool)


def _share(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logistic distribution function."""
    return np.exp(-np.logaddexp(0.0, -t))

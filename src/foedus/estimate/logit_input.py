"""What a logit is fitted on besides its rows, and whether arguments fit together; the classes of an outcome. Fits nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import DataError, ParameterError, message, parameter
from foedus.estimate import multinomial
from foedus.estimate.design import INTERCEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.estimate.rare import RareEvents

Errors = Literal["classical", "robust", "cluster", "dyadic", "bootstrap", "profile"]
ERRORS: tuple[Errors, ...] = ("classical", "robust", "cluster", "dyadic", "bootstrap", "profile")
Penalty = Literal["firth"]


@dataclass(frozen=True)
class Options:
    """What a fit needs besides the rows; see `foedus.estimate.logit.logit`."""

    kinds: tuple[str, ...]
    cluster: NDArray[Any] | None = None
    dyad: tuple[NDArray[Any], NDArray[Any]] | None = None
    draws: int = 200
    seed: int = 1
    weight: NDArray[np.float64] | None = None
    penalty: Penalty | None = None
    rare: RareEvents | None = None
    level: float = 0.95

    @property
    def two_classes_only(self) -> str:
        """What was asked for that is there for two classes only; empty if nothing was."""
        asked = (
            self.penalty and f"penalty={self.penalty!r}",
            self.rare and f"rare={self.rare.kind!r}",
            "profile" in self.kinds and "errors='profile'",
        )
        return " and ".join(a for a in asked if a)

    def rows(self, live: NDArray[np.bool_]) -> Options:
        """Return the options of some rows."""
        return replace(
            self, cluster=None if self.cluster is None else self.cluster[live], weight=None if self.weight is None else self.weight[live],
            dyad=None if self.dyad is None else (self.dyad[0][live], self.dyad[1][live]),
        )  # fmt: skip


def check(x: NDArray[np.float64], response: NDArray[Any], options: Options) -> None:
    """Raise for arguments that do not fit together.

    Raises
    ------
    ParameterError
        An argument outside its range, or two that exclude each other.
    DataError
        Columns that are not finite.
    """
    for kind in options.kinds or ("none",):
        if kind not in ERRORS:
            raise parameter("errors", kind, " or ".join(map(repr, ERRORS)))
    if "cluster" in options.kinds and options.cluster is None:
        raise parameter("cluster", None, "labels of clusters, for errors by cluster")
    if "dyadic" in options.kinds and options.dyad is None:
        raise parameter("dyad", None, "labels of the two members of each pair, for errors by dyad")
    if "bootstrap" in options.kinds and options.draws < 2:
        raise parameter("draws", options.draws, "at least 2")
    if not 0 < options.level < 1:
        raise parameter("level", options.level, "a coverage between 0 and 1")
    _check_corrections(options)
    _check_labels(x, response, options)
    if not np.isfinite(x).all():
        row, column = np.argwhere(~np.isfinite(x))[0]
        raise DataError(
            message("Missing values", got=f"{x[row, column]} in row {row}, column {column}", expected="numbers")
        )


def _check_labels(x: NDArray[np.float64], response: NDArray[Any], options: Options) -> None:
    """Raise unless there is one label of each kind, and one weight, for each row."""
    for name, labels in (("y", response), ("weight", options.weight), *(("dyad", d) for d in options.dyad or ())):
        if labels is not None and labels.shape != (len(x),):
            raise parameter(name, f"shape {labels.shape}", f"shape {(len(x),)}")
    clusters = options.cluster
    if clusters is not None and clusters.shape not in {(len(x),), (len(x), 2)}:
        raise parameter(
            "cluster", f"shape {clusters.shape}", f"shape {(len(x),)}, or {(len(x), 2)} for clusters of two kinds"
        )
    if clusters is not None and clusters.ndim == 2 and "bootstrap" in options.kinds:
        raise parameter("cluster", "clusters of two kinds", "clusters of one kind, for a bootstrap")
    weight = options.weight
    if weight is not None and not (np.isfinite(weight).all() and (weight >= 0).all() and (weight > 0).any()):
        raise parameter("weight", "negative, missing or all 0", "how often each row counts, 0 or more")


def _check_corrections(options: Options) -> None:
    """Raise unless penalty and corrections of rare events are known and go together."""
    if options.penalty not in {None, "firth"}:
        raise parameter("penalty", options.penalty, "None or 'firth'")
    kind = options.rare.kind if options.rare else None
    if options.penalty and kind in {"bias", "weights"}:
        why = "Firth's penalty takes out the same bias" if kind == "bias" else "its penalty is that of unweighted rows"
        raise ParameterError(message(f"penalty='firth' with rare={kind!r}", hint=f"{why}; leave one out"))
    if kind and "profile" in options.kinds:
        raise ParameterError(
            message(
                f"errors='profile' with rare={kind!r}",
                hint="corrected estimates are no maximum of a likelihood",
            )
        )
    if kind == "weights" and "classical" in options.kinds:
        hint = "weights by outcome are no counts of rows; ask for robust, cluster, dyadic or bootstrap errors"
        raise ParameterError(message("errors='classical' with rare='weights'", hint=hint))


def classes_of(response: NDArray[Any], classes: Sequence[Any] | None) -> tuple[tuple[Any, ...], NDArray[np.int64]]:
    """Return the classes in order and the number of each row's."""
    if _has_missing(response):
        raise DataError(message("Missing values", got="null or NaN among the classes of rows", expected="classes"))
    values, which = _values_of(response)
    found = values.tolist()
    ordered = tuple(found if classes is None else classes)
    empty = [str(c) for c in ordered if c not in found]
    if empty:
        raise DataError(message("A class without rows", got=", ".join(empty), expected="rows of every class"))
    strange = [str(v) for v in found if v not in ordered]
    if strange:
        raise DataError(
            message(
                "A class that was not named", got=", ".join(strange), expected=f"one of {', '.join(map(str, ordered))}"
            )
        )
    if len(ordered) < 2:
        raise DataError(
            message(
                "A single class",
                got=", ".join(map(str, ordered)),
                expected="at least two",
                hint="no events, or only events",
            )
        )
    if len(ordered) > 20:
        raise DataError(
            message("Too many classes", got=len(ordered), expected="at most 20", hint="is the left side a number?")
        )
    return ordered, np.array([ordered.index(v) for v in found], dtype=np.int64)[which]


def _values_of(response: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Return the values in order and the place of each row's among them; small whole numbers are counted, not sorted."""
    if response.dtype.kind not in "iu" or not len(response) or response.min() < 0 or response.max() > 255:
        return np.unique(response, return_inverse=True)
    there = np.bincount(response.astype(np.intp)) > 0
    return np.flatnonzero(there).astype(response.dtype), (np.cumsum(there) - 1)[response.astype(np.intp)]


def _has_missing(response: NDArray[Any]) -> bool:
    """Return whether a class is null or NaN."""
    if response.dtype.kind in "biuSU":
        return False
    if response.dtype.kind == "f":
        return bool(np.isnan(response).any())
    return any(v is None or (isinstance(v, float) and np.isnan(v)) for v in response.tolist())


def refuse_separation(
    x: NDArray[np.float64], y: NDArray[np.int64], classes: tuple[Any, ...], terms: tuple[str, ...]
) -> None:
    """Raise if columns separate the classes."""
    guilty = [t for t, g in zip(terms, multinomial.separating(x, y, len(classes)), strict=True) if g]
    if guilty:
        named = [t for t in guilty if t != INTERCEPT] or guilty
        raise DataError(
            message("Terms separate the classes, so that their log-odds have no finite estimate", got=", ".join(named),
                    expected="every class on both sides of every combination of terms", hint="leave one out, or join thin categories")
        )  # fmt: skip

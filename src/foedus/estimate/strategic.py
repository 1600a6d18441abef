"""Strategic models: a game in extensive form fitted to how it ended, case by case, by maximum likelihood.

A logit takes an outcome as one actor's choice; where each chooses in view of the other's answer, its coefficients mix the two and can have the wrong
sign [Signorino1999]_. Here each utility is a sum of terms, the chance of an end follows from the game (`foedus.estimate.game_trees`), and
the likelihood from the ends. The likelihood need not be concave: the highest of several maxima is reported, with how many starts reached
it. Estimates no scale of the errors: utilities are in units of one error's deviation. Knows no war.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import DataError, ParameterError, message, parameter
from foedus.estimate import covariance as sandwiches
from foedus.estimate.backward_start import backward_start
from foedus.estimate.design import Missing, check_columns, parts
from foedus.estimate.game_trees import TREES, Information, Leaf, Link, Node, Tree, chances, utilities
from foedus.estimate.maximum import Highest, highest
from foedus.estimate.resample import cluster_weights
from foedus.estimate.strategic_result import Strategic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from foedus.panel.panel import Panel

Errors = Literal["classical", "robust", "cluster", "bootstrap"]
ERRORS: tuple[Errors, ...] = ("classical", "robust", "cluster", "bootstrap")


@dataclass(frozen=True)
class Likelihood:
    """The log-likelihood of one game's coefficients.

    Attributes
    ----------
    tree : Tree
    x : tuple of float64 array, shape (n, n_terms)
        Columns of each utility.
    y : int array, shape (n,)
        Place of each row's end among ``tree.outcomes``.
    link, information
        As of `foedus.estimate.game_trees.chances`.
    """

    tree: Tree
    x: tuple[NDArray[np.float64], ...]
    y: NDArray[np.intp]
    link: Link
    information: Information

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return sum(x.shape[1] for x in self.x)

    def scores(self, coef: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each row's log-likelihood, shape (n,), and its derivatives, shape (n, size)."""
        found = chances(self.tree, utilities(self.x, coef), link=self.link, information=self.information)
        row = np.arange(len(self.y))
        slope = found.slope[row, self.y]
        return found.log[row, self.y], np.concatenate([x * slope[:, [k]] for k, x in enumerate(self.x)], axis=1)

    def value(
        self, coef: NDArray[np.float64], weight: NDArray[np.float64] | None = None
    ) -> tuple[float, NDArray[np.float64]]:
        """Return the log-likelihood and its gradient, rows weighted."""
        log, score = self.scores(coef)
        return (float(log.sum()), score.sum(axis=0)) if weight is None else (float(weight @ log), weight @ score)


def strategic(
    formula: str, frame: Panel | IntoFrame, *, game: str | Tree = "egame12", ends: Sequence[Any] | None = None, link: Link = "probit",
    information: Information = "agent", errors: Errors | Sequence[Errors] = "classical", cluster: str | None = None, missing: Missing = "raise",
    starts: int = 5, draws: int = 200, seed: int = 1,
) -> Strategic:  # fmt: skip
    """Return a strategic model of a formula.

    Parameters
    ----------
    formula : str
        The column of outcomes, then the terms of each utility in the order of the game's: ``"outcome ~ a + b - 1 | 1 | 1 | c"`` for u11, u13, u14
        and u24 of egame12; ``0`` fixes a utility at 0.
    frame : Panel or any frame
    game : {"egame12", "egame122", "egame123"} or Tree
    ends : sequence, optional
        The column's values for the ends of the game from left to right; by default the numbers of the ends, as 1, 3, 4.
    link : {"probit", "logit"}
    information : {"agent", "private"}
        Where chance comes from: errors of the agents, or private information about utilities.
    errors : {"classical", "robust", "cluster", "bootstrap"} or several
        Covariances to compute; the first is the one that intervals use. ``"bootstrap"`` resamples clusters, or rows without ``cluster``.
    cluster : str, optional
        Column of clusters.
    missing : {"raise", "drop"}
    starts : int
        Places from which the likelihood is climbed: statistical backward induction, 0, and others at random.
    draws, seed : int
        Of the bootstrap; the seed is also that of the starts.

    Returns
    -------
    Strategic

    Raises
    ------
    DataError
        Missing values, an end without rows, or coefficients that the rows cannot tell apart.
    ParameterError
        A formula that has not one part for each utility, a term in all of a player's utilities, or an argument outside its range.

    References
    ----------
    [Signorino1999]_, [Signorino2003]_, [KenkelSignorino2014]_

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> from scipy.special import ndtr
    >>> rng = np.random.default_rng(1)
    >>> z = rng.normal(size=2000)
    >>> resists = rng.normal(size=2000) < (0.5 + z) / 2**0.5
    >>> challenges = rng.normal(size=2000) < (1 - 2 * ndtr((0.5 + z) / 2**0.5)) / 2**0.5
    >>> rows = pl.DataFrame({"end": np.where(challenges, np.where(resists, 4, 3), 1), "z": z})
    >>> fit = strategic("end ~ 0 | 1 | 1 | z", rows)  # true values 1, -1, 0.5, 1
    >>> fit.names, fit.coef.round(1).tolist()
    (('u13:intercept', 'u14:intercept', 'u24:intercept', 'u24:z'), [0.8, -0.9, 0.5, 1.1])
    """
    tree = _tree(game)
    kinds = (errors,) if isinstance(errors, str) else tuple(errors)
    _check(kinds, cluster, draws)
    left, texts = split(formula, tree)
    x, columns, table = parts(left, texts, frame, missing=missing, also=() if cluster is None else (cluster,))
    y, values = _ends(table[left].to_numpy(), tree, ends)
    names = tuple(f"{u}:{t}" for u, c in zip(tree.utilities, columns, strict=True) for t in c.terms)
    for part, c in zip(x, columns, strict=True):
        if c.terms:
            check_columns(part, c.terms)
    _identified(tree, [set(c.terms) for c in columns])
    scale = np.concatenate([_scale(part) for part in x])
    whole = Likelihood(tree, tuple(part / _scale(part) for part in x), y, link, information)
    found = highest(whole.value, whole.size, starts=starts, seed=seed, first=backward_start(whole))
    log, scores = whole.scores(found.at)
    bread = np.asarray(np.linalg.inv(found.information), dtype=np.float64)
    labels = None if cluster is None else table[cluster].to_numpy()
    resampled = _resampled(whole, found, labels, draws, seed) if "bootstrap" in kinds else None
    made = {kind: _covariance(kind, bread, scores, labels, resampled) / np.outer(scale, scale) for kind in kinds}
    counts = np.bincount(y, minlength=len(tree.outcomes))
    return Strategic(
        formula=formula, tree=tree, link=link, information=information, ends=values, names=names, columns=tuple(columns), coef=found.at / scale,
        errors=kinds[0], covariances=made, counts=tuple(int(c) for c in counts), log_likelihood=float(log.sum()),
        null_log_likelihood=float(counts @ np.log(counts / counts.sum())), starts=found.ends, reached=found.reached,
        clusters=None if labels is None else len(np.unique(labels)), resampled=None if resampled is None else resampled / scale, seed=seed,
    )  # fmt: skip


def split(formula: str, tree: Tree) -> tuple[str, tuple[str, ...]]:
    """Return the outcome's column and the right sides of a formula in parts.

    Raises
    ------
    ParameterError
        Not one part for each utility.

    Examples
    --------
    >>> from foedus.estimate.game_trees import EGAME12
    >>> split("y ~ a | 0 | 1 | b + c", EGAME12)
    ('y', ('a', '0', '1', 'b + c'))
    """
    left, sign, right = formula.partition("~")
    found = tuple(part.strip() for part in right.split("|"))
    if not sign or not left.strip() or len(found) != len(tree.utilities) or not all(found):
        raise ParameterError(
            message("Cannot read the formula", got=repr(formula), expected=f"'column ~ {' | '.join(tree.utilities)}', terms or 0 for each utility")
        )  # fmt: skip
    return left.strip(), found


def _tree(game: str | Tree) -> Tree:
    """Return the game that a name means."""
    if isinstance(game, Tree):
        return game
    if game not in TREES:
        raise parameter("game", game, f"one of {', '.join(TREES)}")
    return TREES[game]


def _check(kinds: tuple[str, ...], cluster: str | None, draws: int) -> None:
    """Raise where the errors asked for cannot be computed."""
    if not kinds or not set(kinds) <= set(ERRORS):
        raise parameter("errors", kinds, f"some of {', '.join(ERRORS)}")
    if "cluster" in kinds and cluster is None:
        raise parameter("cluster", None, "a column of clusters, for errors by cluster")
    if "bootstrap" in kinds and draws < 2:
        raise parameter("draws", draws, "2 or more")


def _ends(values: NDArray[Any], tree: Tree, ends: Sequence[Any] | None) -> tuple[NDArray[np.intp], tuple[Any, ...]]:
    """Return the place of each row's end, and the column's values in the order of the game."""
    known = tuple(tree.outcomes if ends is None else ends)
    if len(known) != len(tree.outcomes) or len(set(known)) != len(known):
        raise parameter("ends", known, f"{len(tree.outcomes)} values, from left to right in the game")
    place = {value: k for k, value in enumerate(known)}
    met = set(values.tolist())
    if strange := sorted(map(str, met - set(place))):
        raise DataError(message("Ends that the game does not have", got=", ".join(strange), expected=f"only {', '.join(map(str, known))}",
                                hint="name the column's values with ends"))  # fmt: skip
    if lacking := [str(v) for v in known if v not in met]:
        raise DataError(message("An end without a row", got=", ".join(lacking), expected="rows that end in each way"))
    return np.array([place[v] for v in values.tolist()], dtype=np.intp), known


def _identified(tree: Tree, terms: list[set[str]]) -> None:
    """Raise where a term is in all of a player's utilities: adding to all of them changes no choice."""
    if not any(terms):
        raise parameter("formula", "0 for every utility", "at least one term")
    for player in tree.players:
        mine = [t for name, t in zip(tree.utilities, terms, strict=True) if name.startswith(f"u{player}")]
        whole = sum(1 for o in tree.outcomes if _counts(tree, player, o))
        if len(mine) == whole and (shared := set.intersection(*mine)):
            raise ParameterError(
                message(f"Terms in all utilities of player {player}", got=", ".join(sorted(shared)), expected="none: they change no choice",
                        hint="leave each out of one utility")
            )  # fmt: skip


def _counts(tree: Tree, player: int, outcome: int) -> bool:
    """Return whether a player still has a choice that bears on an end."""
    part: Node | Leaf = tree.root
    while isinstance(part, Node):
        if part.player == player:
            return True
        part = next(side for side in (part.left, part.right) if outcome in _inside(side))
    return False


def _inside(part: Node | Leaf) -> set[int]:
    """Return the ends of a part of the game."""
    return _inside(part.left) | _inside(part.right) if isinstance(part, Node) else {part.outcome}


def _scale(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the size of each column."""
    return np.sqrt((x * x).mean(axis=0))


def _covariance(
    kind: str, bread: NDArray[np.float64], scores: NDArray[np.float64], labels: NDArray[Any] | None, resampled: NDArray[np.float64] | None
) -> NDArray[np.float64]:  # fmt: skip
    """Return one covariance, of coefficients of scaled columns."""
    if kind == "classical":
        return bread
    if kind == "robust":
        return sandwiches.robust(bread, scores)
    if kind == "cluster" and labels is not None:
        return sandwiches.clustered(bread, scores, labels)
    return np.atleast_2d(np.cov(np.asarray(resampled), rowvar=False))


def _resampled(
    whole: Likelihood, found: Highest, labels: NDArray[Any] | None, draws: int, seed: int
) -> NDArray[np.float64]:
    """Return the coefficients of resampled sets, shape (n_kept, size).

    Raises
    ------
    DataError
        More than a tenth of the sets had no maximum.
    """
    groups = np.arange(len(whole.y)) if labels is None else labels
    kept = []
    for weight in cluster_weights(groups, draws, seed):
        try:
            kept.append(highest(lambda b, w=weight: whole.value(b, w), whole.size, starts=1, first=found.at).at)
        except DataError:
            continue
    failed = draws - len(kept)
    if failed > draws / 10 or len(kept) < 2:
        raise DataError(
            message("Resampled sets without a maximum", got=f"{failed} of {draws}", expected="at most a tenth",
                    hint="an outcome or a category is in too few clusters")
        )  # fmt: skip
    return np.array(kept)

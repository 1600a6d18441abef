"""Help that is owed: how often pledges are kept by published rates, and what sponsors and the aligned do for one another, assumed.

Counts only those with an obligation. The ledger's chances that a helper comes, with an obligation or without, are fitted: `foedus.security.hazard`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.kernels import streams
from foedus.system.propensity import tie_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.nouns import Pact, Pledge
    from foedus.system.system import System


def honour(system: System, nouns: list[tuple[Pact, Pledge, str]], seed: int, draws: int) -> NDArray[np.float64]:
    """Return the chance that each pledge is honoured, shape (draws, P), by ``params/reliability.toml``: by era, kind and size of pact."""
    table = parameters.load("reliability")
    era = "until_1944" if system.date.year <= 1944 else "from_1945"
    keys = [f"honour:{p.id}:{g.by}:{to}:{g.type}" for p, g, to in nouns]
    out = streams.uniforms(seed, streams.keys_of(keys), draws) if keys else np.zeros((draws, 0))
    dilution = table.draws("defense.dilution", seed, draws)
    for p, (pact, _, _) in enumerate(nouns):
        param = table[f"{pact.kind}.any" if pact.kind in {"guarantee", "intervention"} else f"defense.{era}"]
        out[:, p] = param.low + (param.high - param.low) * out[:, p]
        if pact.kind == "treaty":
            out[:, p] *= max(1, (pact.size or len(pact.active_members(system.date))) - 1) ** -dilution
    return out


def sponsors(system: System, seed: int, draws: int) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """Yield client, sponsor and the chance, shape (n_draws,), that the sponsor fights for it."""
    per_unit = parameters.load("promises").draws("help.sponsor", seed, draws)
    for tie in system.active_ties():
        if tie.reason == "sponsorship":
            u = streams.uniforms(seed, streams.keys_of([tie_key(tie)]), draws)[:, 0]
            yield system.index[tie.b], system.index[tie.a], per_unit * np.maximum(tie.strength.at(u), 0)


def aligned(system: System, ties: Params, seed: int, draws: int) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """Yield each ordered pair of an alignment and the chance, shape (n_draws,), that the second fights for the first."""
    per_unit = parameters.load("promises").draws("help.alignment", seed, draws)
    for pact in system.active_pacts():
        if pact.kind == "alignment":
            u = streams.uniforms(seed, streams.keys_of([f"pact:{pact.id}"]), draws)[:, 0]
            unstated = ties["derived.pact.alignment"]
            closeness = pact.strength.at(u) if pact.strength else unstated.low + (unstated.high - unstated.low) * u
            members = [system.index[m] for m in pact.active_members(system.date)]
            yield from ((i, k, per_unit * closeness) for i in members for k in members if i != k)

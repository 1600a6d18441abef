"""Compile every kernel once and leave it in the cache: ``python -m foedus.studies.warm`` at set-up time.

Runs the analyses on a bundled system, so that what is compiled is what users run. Takes about a minute on one core the first time.
"""

from __future__ import annotations

import numpy as np


def warm() -> None:
    """Run each analysis that has a compiled kernel once, small."""
    from foedus.blocs.balance import balance
    from foedus.blocs.blockmodel import blockmodel
    from foedus.blocs.drawn import drawn_line_ups
    from foedus.blocs.landscape import landscape
    from foedus.blocs.layout import signed_layout
    from foedus.formation.evolve import evolve
    from foedus.kernels import counter_dates, network_gibbs
    from foedus.scenario.read import load
    from foedus.security.interaction import crisis
    from foedus.studies.brief import investigate
    from foedus.system.propensity import propensity
    from foedus.war.rare import rare_war

    system = load("europe-1914")
    investigate(system, draws=200)
    rare_war(system, "AUH", "SER", draws=50)
    p = propensity(system, seed=None)
    signed_layout(p.n, p.i, p.j, p.weight[0])
    drawn_line_ups(p.n, p.i, p.j, p.weight, np.zeros(p.n, dtype=np.int64), k=3)
    for null in ("signs", "degrees"):
        balance(system, null=null, draws=2)
    blockmodel(system, 2, starts=2)
    evolve(system, years=1, draws=10)
    crisis(system, "AUH", "SER", draws=2)
    two, none = np.zeros((2, 2)), np.zeros(0)
    network_gibbs.gibbs(
        two.astype(np.uint8), two, two == 0, none.astype(np.int64), none, none, 1, 1, 1, np.uint64(1), np.uint64(1)
    )
    counter_dates.orders(np.zeros(2, dtype=np.int64), two == 0, 1, np.uint64(1), 1, 1)
    land = landscape(system)
    land.basins_under("random", draws=2)
    land.barriers()


if __name__ == "__main__":
    warm()

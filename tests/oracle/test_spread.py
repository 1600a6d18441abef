"""The rates that ship, against the rows of inter-state wars that they were fitted to."""

import numpy as np
import pytest

from foedus.estimate.rates import dispersion, posterior
from foedus.studies.great_wars import GREAT, happened
from foedus.studies.spread_fit import rates_of
from foedus.studies.spread_rows import TERMS, spread_rows
from foedus.war.rates import shipped

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def wars(realdata_dir):
    return spread_rows("wars", data_dir=realdata_dir)


def test_every_entry_of_the_list_has_a_row(wars):
    assert np.bincount(wars.y).tolist()[1:] == [31, 65]
    assert len(np.unique(wars.event)) == 95


def test_the_shipped_rates_are_at_their_maximum(wars):
    """With a constant that has no prior, the entries expected over the rows, each war by its factor, are those that came."""
    fit = shipped().entry
    _, event = np.unique(wars.event, return_inverse=True)
    rate = wars.weight * wars.days * rates_of(fit, wars, 1.0).sum(axis=1)
    expected, came = (np.bincount(event, v).astype(np.float64) for v in (rate, (wars.y > 0) * wars.weight))
    assert dispersion(came, expected) == pytest.approx(fit.dispersion, rel=1e-4)
    assert posterior(came, expected, fit.dispersion) @ expected == pytest.approx(96, rel=1e-4)


def test_what_bound_whom_in_1914(wars):
    rows = wars.take((wars.event == GREAT[1914]) & np.isin(wars.ccode, (255, 325)))
    bound = rows.x[:, :, TERMS.index("bound")]
    germany, italy = rows.ccode == 255, rows.ccode == 325
    assert bound[germany].max() == 0  # in before anybody had helped Serbia
    assert bound[italy & (rows.stage == 0)][0].tolist() == [0, 0]


def test_what_happened_in_1914(realdata_dir):
    what = happened(1914, realdata_dir)
    assert (what.attacker, what.target) == ("AUH", "YUG")
    assert list(what.by(365)) == ["GMY", "RUS", "FRN", "BEL", "UKG", "JPN", "TUR", "ITA"]
    assert [side for side, _ in what.by(365).values()] == [1, 2, 2, 2, 2, 2, 1, 2]
    assert len(what.by(what.windows[0][1])) == 7

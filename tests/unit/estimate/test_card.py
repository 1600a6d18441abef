import math
import tomllib

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.card import Against, ModelCard, against, score_line
from foedus.estimate.logit import logit_arrays
from foedus.estimate.resample import bootstrap, bootstrap_difference
from foedus.estimate.scores import average_precision, brier


@pytest.fixture(scope="module")
def card():
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(400), rng.normal(size=400)])
    y = (rng.random(400) < 1 / (1 + np.exp(1 - 2 * x[:, 1]))).astype(int)
    war = rng.integers(0, 40, 400)
    fit = logit_arrays(x[:300], y[:300], terms=("intercept", "odds|log"), errors="cluster", cluster=war[:300])
    p, flat = fit.predict(x[300:]), np.full(100, y[:300].mean())
    found = bootstrap(average_precision, y[300:], p, cluster=war[300:], draws=100)
    gain = bootstrap_difference(average_precision, y[300:], p, flat, cluster=war[300:], draws=100)
    worse = bootstrap_difference(brier, y[300:], flat, p, cluster=war[300:], draws=100)
    return ModelCard.of(
        fit, name="toy", errors="by war", years=(1816, 1913), data={"atop": "5.1", "cow_wars": "4.0"},
        scores=[score_line("average precision", "held out", found)],
        against=[
            against("base rate", "average precision", "held out", gain, higher_is_better=True),
            against("the model itself", "brier", "held out", worse, higher_is_better=False),
        ],
        notes=["A toy."],
    )  # fmt: skip


def test_verdicts_follow_the_interval(card):
    assert [a.verdict for a in card.against] == ["beats", "does not beat"]
    for low, high, better_up, better_down in (
        (0.1, 0.2, True, False),
        (-0.1, 0.2, False, False),
        (-0.2, -0.1, False, True),
        (0.0, 0.2, False, False),
        (math.nan, math.nan, False, False),
    ):
        assert Against("b", "s", "c", True, 0.0, low, high).beats == better_up
        assert Against("b", "s", "c", False, 0.0, low, high).beats == better_down


def test_toml_there_and_back(card):
    text = card.to_toml()
    assert ModelCard.from_toml(text) == card
    raw = tomllib.loads(text)
    assert raw["against"][0]["verdict"] == "beats"
    assert (raw["rows"], raw["first_year"], raw["data"]["atop"]) == (300, 1816, "5.1")
    assert raw["events"] == card.events


def test_a_verdict_cannot_be_written_by_hand(card):
    with pytest.raises(ParameterError, match="The verdict on 'the model itself' in brier"):
        ModelCard.from_toml(card.to_toml().replace("does not beat", "beats"))


@pytest.mark.parametrize("text", ["name = ", "name = 'x'", "[[against]]\nbaseline = 'b'", "against = [1]"])
def test_what_is_no_card_is_refused(text):
    with pytest.raises(ParameterError, match="Cannot read a model card"):
        ModelCard.from_toml(text)


def test_markdown(card):
    text = card.to_markdown()
    assert "Fitted on 300 rows with" in text
    assert "Data: atop 5.1, cow_wars 4.0." in text
    assert "| 1 | odds\\|log |" in text
    assert "| base rate | average precision | held out |" in text
    assert text.count("| does not beat |") == 1
    assert "A toy." in text
    bare = ModelCard("x", "y ~ a", "classical", ("0", "1"), 10, 2, 1900, 1901, {})
    assert "|" not in bare.to_markdown()
    assert ModelCard.from_toml(bare.to_toml()) == bare

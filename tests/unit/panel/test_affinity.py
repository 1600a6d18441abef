"""Closeness of two states by hand: peace by steps, religion, votes, portfolios, crises, conditions of pledges."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from foedus import panel as room
from foedus.errors import ParameterError
from foedus.kernels import similarity

INT = pl.Int32


def rows(**columns):
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, INT))


def test_the_lowest_step_of_a_year_counts_and_no_relationship_is_no_step(made):
    spells = pl.DataFrame({"ccode1": [2, 2], "ccode2": [20, 20], "start": [dt.date(1920, 1, 10), dt.date(1987, 10, 3)],
                           "end": [dt.date(1987, 10, 2), dt.date(2020, 12, 31)], "level": [0.75, 1.0]}, schema_overrides={"ccode1": INT, "ccode2": INT})  # fmt: skip
    frame = rows(ccode1=[20, 2, 2, 2, 2], ccode2=[2, 20, 20, 40, 20], year=[1920, 1987, 1988, 1950, 1910])
    store = made(peacedata_spells=spells)
    out = room.add_peace_scale(frame, data_dir=store)
    assert out["peace_scale"].to_list() == [0.75, 0.75, 1.0, None, None]
    assert room.add_peace_scale(frame, at="jan1", data_dir=store)["peace_scale"].to_list() == [
        None,
        0.75,
        1.0,
        None,
        None,
    ]
    assert "hardly deal with each other" in out.explain("peace_scale", ccode1=2, ccode2=40, year=1950)


def test_religion_is_matched_by_confession_and_interpolated_between_counts_only(made):
    shares = pl.DataFrame({"ccode": [2, 2, 20, 20, 20], "year": [1950, 1955, 1950, 1955, 1965], "sunni": [0.0, 1.0, 0.5, 0.5, 0.5],
                           "shia": [1.0, 0.0, 0.5, 0.5, 0.5], "muslim": [1.0] * 5}, schema_overrides={"ccode": INT, "year": INT})  # fmt: skip
    frame = rows(ccode1=[2, 2, 2, 2], ccode2=[20] * 4, year=[1950, 1952, 1955, 1957])
    out = room.add_religion_overlap(frame, data_dir=made(wrp=shares))["religion_overlap"].to_list()
    assert out[:3] == pytest.approx([0.5, 0.9, 0.5])
    assert out[3] is None


@pytest.fixture
def votes(made):
    cast = [(1, "Germany", "yes"), (1, "France", "yes"), (1, "St. Vincent & Grenadines", "no"), (2, "Germany", "no"), (2, "France", "abstain"),
            (3, "Nowhere", "yes"), (3, "France", "yes")]  # fmt: skip
    calls = pl.DataFrame({"rcid": [1, 2, 3], "date": [dt.date(1991, 10, k) for k in (1, 2, 3)]})
    names = {220: "France", 255: "Germany", 260: "German Federal Republic", 57: "St. Vincent and the Grenadines"}
    spells = [(220, dt.date(1816, 1, 1), dt.date(2016, 12, 31)), (255, dt.date(1990, 10, 3), dt.date(2016, 12, 31)),
              (260, dt.date(1955, 5, 5), dt.date(1990, 10, 2)), (57, dt.date(1979, 10, 27), dt.date(2016, 12, 31))]  # fmt: skip
    states = pl.DataFrame({"ccode": [s[0] for s in spells], "statenme": [names[s[0]] for s in spells], "start": [s[1] for s in spells],
                           "end": [s[2] for s in spells]}, schema_overrides={"ccode": INT})  # fmt: skip
    return made(
        un_votes=pl.DataFrame(cast, schema=["rcid", "country", "vote"], orient="row"),
        un_roll_calls=calls,
        cow_states=states,
    )


def test_votes_are_compared_where_both_are_on_record(votes):
    frame = rows(ccode1=[220, 255, 57, 220], ccode2=[255, 220, 220, 2], year=[1991] * 4)
    out = room.add_un_similarity(frame, measures="s_abs", data_dir=votes)
    # France and Germany: distances 0 and 1 of 2 on two calls; France and Saint Vincent: the whole distance on one.
    assert out["un_s_abs"].to_list() == pytest.approx([0.5, 0.5, -1.0, None])
    assert out["un_votes"].to_list() == [2, 2, 1, None]
    with pytest.raises(ParameterError, match="measures"):
        room.add_un_similarity(frame, measures=["love"], data_dir=votes)


@pytest.fixture
def pledges(made):
    base = {"phase": 0, "entry": dt.date(1900, 5, 1), "exit": dt.date(1910, 1, 1), "offense": 0, "neutral": 0, "nonagg": 0, "consul": 1, "pubsecr": 0,
            "specthrt": 0, **dict.fromkeys(("defcoadv", "defcoloc", "defcocon", "defconum", "defcodem", "defconpr"), 0)}  # fmt: skip
    members = pl.DataFrame([
        {**base, "atopid": 1, "member": 2, "defense": 1}, {**base, "atopid": 1, "member": 20, "defense": 1, "defconpr": 1},
        {**base, "atopid": 2, "member": 2, "defense": 0, "pubsecr": 1}, {**base, "atopid": 2, "member": 40, "defense": 1, "specthrt": 1, "pubsecr": 1},
    ], schema_overrides={"member": INT})  # fmt: skip
    states = pl.DataFrame(
        {"ccode": [2, 20, 40, 70], "start": [dt.date(1816, 1, 1)] * 4, "end": [dt.date(2016, 12, 31)] * 4},
        schema_overrides={"ccode": INT},
    )
    power = pl.DataFrame(
        {"ccode": [2, 20, 40, 70], "year": [1905] * 4, "cinc": [0.5, 0.2, 0.2, 0.1]},
        schema_overrides={"ccode": INT, "year": INT},
    )
    return made(atop5_1m=members, cow_states=states, cow_nmc=power)


def test_what_pledges_hang_on(pledges):
    frame = rows(ccode1=[2, 20, 2, 2, 2], ccode2=[20, 2, 40, 70, 20], year=[1905, 1905, 1905, 1905, 2019])
    out = room.add_atop_conditions(frame, data_dir=pledges).frame
    wanted = [
        "n_pacts",
        "atopids",
        "secret",
        "defense12_free",
        "defense12_target",
        "defense21_free",
        "defense21_target",
    ]
    assert out.select(wanted).rows() == [
        (1, "1", 0, 1, 0, 0, 0), (1, "1", 0, 0, 0, 1, 0), (1, "2", 1, 0, 0, 1, 1), (0, None, 0, 0, 0, 0, 0), (None,) * 7,
    ]  # fmt: skip


def test_portfolios_are_the_kernels_on_the_levels_of_pledges(pledges):
    frame = rows(ccode1=[2, 2, 20, 2], ccode2=[20, 70, 40, 20], year=[1905, 1905, 1905, 1899])
    levels = np.array([[3, 3, 3, 0], [3, 3, 0, 0], [3, 0, 3, 0], [0, 0, 0, 3]])
    out = room.add_pledge_similarity(frame, measures=["s_abs", "tau_b"], data_dir=pledges).frame
    table = similarity.contingency(levels, 4)
    for name in ("s_abs", "tau_b"):
        expected = similarity.measure(table, name)
        assert out[f"pledge_{name}"][:3].to_list() == pytest.approx([expected[0, 1], expected[0, 3], expected[1, 2]])
    nobody = similarity.measure(similarity.contingency(np.eye(4, dtype=int) * 3, 4), "s_abs")
    assert out["pledge_s_abs"][3] == pytest.approx(nobody[0, 1])
    weighed = room.add_pledge_similarity(frame[:3], measures=["s_abs"], weights="cinc", data_dir=pledges)[
        "pledge_s_abs"
    ]
    expected = similarity.measure(similarity.contingency(levels, 4, np.array([0.5, 0.2, 0.2, 0.1])), "s_abs")
    assert weighed.to_list() == pytest.approx([expected[0, 1], expected[0, 3], expected[1, 2]])
    with pytest.raises(ParameterError, match="weights"):
        room.add_pledge_similarity(frame, weights="gdp", data_dir=pledges)


def test_actors_of_one_crisis_are_not_thereby_opponents(made):
    actors = pl.DataFrame({"crisno": [1, 1, 2], "ccode": [2, 20, 40], "start": [dt.date(1961, 6, 4), dt.date(1961, 6, 4), dt.date(1970, 1, 1)],
                           "end": [dt.date(1962, 2, 1), None, dt.date(1970, 3, 1)], "southv": [365, 365, 997], "sevvio": [1, 3, None]},
                          schema_overrides=dict.fromkeys(["ccode", "southv", "sevvio"], INT))  # fmt: skip
    store = made(icb_actors=actors)
    pairs = rows(ccode1=[2, 2, 365, 2, 2], ccode2=[20, 20, 2, 365, 20], year=[1961, 1962, 1962, 1961, 1917])
    out = room.add_icb(pairs, data_dir=store).frame.select("icbcrisis", "icbthreat12", "icbthreat21")
    assert out.rows() == [(1, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 1), (None, None, None)]
    states = room.add_icb(rows(ccode=[2, 2, 20, 70], year=[1961, 1962, 1961, 1961]), data_dir=store).frame
    assert states.select("icbcrisis", "icbonset", "n_crises", "icbviolence").rows() == [
        (1, 1, 1, 1),
        (1, 0, 1, 1),
        (1, 1, 1, 3),
        (0, 0, 0, None),
    ]

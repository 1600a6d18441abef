"""A small system over dates on which one member changes sides: numbers, moves, charges, files, workers."""

import datetime as dt
import json
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from foedus import executors
from foedus.blocs import years
from foedus.blocs.exact import Partition
from foedus.blocs.moment import Moment, line_up, moment
from foedus.blocs.series import Followed, letter
from foedus.blocs.years import blocs_over, blocs_over_years, dates_of, follow, is_span
from foedus.errors import DataError, ParameterError
from foedus.panel.table_files import check_format
from foedus.system.nouns import Member, Pact, Tie
from foedus.system.values import Quantity

D = dt.date


def make(date, ties, power=(0.3, 0.2, 0.3, 0.15, 0.05), ids="ABCDE", major="AC", membership=None):
    """Return the moment of given ties {(a, b): w}, its line-up by enumeration."""
    n = len(ids)
    pairs = sorted((ids.index(a), ids.index(b), w) for (a, b), w in ties.items() if a in ids and b in ids)
    i, j, w = (np.array([p[k] for p in pairs], dtype=t) for k, t in ((0, np.int64), (1, np.int64), (2, float)))
    label, value = enumerated(n, i, j, w)
    from foedus.blocs.moment import components

    tied = np.bincount(np.concatenate([i, j]), minlength=n) > 0
    power = np.array(power[:n])
    return Moment(
        date, tuple(ids), tuple(f"State {a}" for a in ids), tuple(100 + k for k in range(n)), np.array([a in major for a in ids]), power, True,
        i, j, w, np.where(tied, label, -1), components(n, i, j, power), value, value, True, membership, (),
    )  # fmt: skip


def enumerated(n, i, j, w, extra=None):
    """Return (label, value) of least frustration, plus ``extra(label)``, by trying every bipartition."""
    best, least = None, np.inf
    for code in range(2**n if extra else 2 ** max(n - 1, 0)):
        label = np.array([(code >> b) & 1 for b in range(n)])
        value = float(np.abs(w)[(w > 0) != (label[i] == label[j])].sum())
        cost = value + (extra(label) if extra else 0.0)
        if cost < least - 1e-12:
            best, least, kept = label, cost, value
    return best, kept


ENEMIES = {("A", "C"): -3.0, ("A", "B"): 2.0, ("C", "D"): 2.0, ("B", "D"): -1.0}
"""A and B against C and D; E knows nobody."""
TURNED = {("A", "C"): -3.0, ("A", "B"): 1.0, ("C", "D"): 2.0, ("B", "C"): 1.4}
"""B is drawn a little more to C."""


@pytest.fixture
def three_years():
    return [make(D(1900, 1, 1), ENEMIES), make(D(1901, 1, 1), TURNED), make(D(1902, 1, 1), TURNED | {("D", "E"): 1.0})]


def test_dates_of_a_range():
    assert is_span("1816:2016")
    assert is_span("1914-01-01:1914-03-01")
    assert not is_span("1914")
    assert not is_span("mine.toml")
    assert len(dates_of("1816:2016")) == 201
    assert dates_of("1900:1900") == (D(1900, 1, 1),)
    assert dates_of("1900:1905", 3) == (D(1900, 1, 1), D(1903, 1, 1))
    assert dates_of("1914-01-30:1914-03-29") == (D(1914, 1, 30), D(1914, 2, 28))
    assert dates_of("1913-11-15:1914-02-15", 2) == (D(1913, 11, 15), D(1914, 1, 15))


@pytest.mark.parametrize(
    ("text", "step", "words"),
    [("1816", 1, "two years"), ("1816:1914-01-01", 1, "two years"), ("1914:1900", 1, "end"), ("1900:1910", 0, "step"),
     ("1914-02-30:1914-05-01", 1, "1914-02-30")],
)  # fmt: skip
def test_no_range(text, step, words):
    with pytest.raises(ParameterError, match=words):
        dates_of(text, step)


def test_one_member_moves_and_the_rest_keep_their_numbers(three_years):
    found = follow(three_years)
    assert [d.bloc.tolist() for d in found.dates] == [[0, 0, 1, 1, -1], [0, 1, 1, 1, -1], [0, 1, 1, 1, 1]]
    told = [(m.date.year, m.actor, m.change, m.before, m.after) for m in found.changes()]
    assert told == [(1901, "B", "moved", 0, 1), (1902, "E", "tied", None, 1)]
    assert found.moves().row(0, named=True) == {
        "date": D(1901, 1, 1), "year": 1901, "actor": "B", "name": "State B", "change": "moved", "before": 0, "after": 1,
        "capability": 0.2, "major": False,
    }  # fmt: skip


def test_entries_exits_and_lost_ties_are_told_apart():
    first, second = make(D(1900, 1, 1), ENEMIES, ids="ABCD"), make(D(1901, 1, 1), ENEMIES, ids="ABCE")
    changes = {(m.actor, m.change, m.before, m.after) for m in follow([second, first]).changes()}
    assert changes == {("D", "left", 1, None), ("E", "entered", None, None)}
    lonely = make(D(1901, 1, 1), {k: v for k, v in ENEMIES.items() if "D" not in k})
    assert [(m.actor, m.change) for m in follow([make(D(1900, 1, 1), ENEMIES), lonely]).changes()] == [("D", "untied")]


def test_who_comes_back_comes_back_to_its_bloc():
    whole, without = make(D(1900, 1, 1), ENEMIES), make(D(1901, 1, 1), {("A", "B"): 2.0}, ids="AB")
    back = make(D(1902, 1, 1), ENEMIES)
    assert follow([whole, without, back]).dates[2].bloc.tolist() == [0, 0, 1, 1, -1]


def test_leaders_standing_and_members(three_years):
    d = follow(three_years).dates[2]
    assert d.members(1) == ("C", "B", "D", "E")
    assert (d.leaders[1].strongest, d.leaders[1].hub) == ("C", "C")
    assert d.standing == ("apart", "member", "member", "member", "member")
    assert d.leaders[0].strongest == "A", "there is no other"
    assert d.blocs == (1, 0)
    assert d.polarity.poles == (0, 2, 1, 3)
    assert d.date == D(1902, 1, 1)
    assert d.price == 0.0


def test_doubt_and_detachment_are_said():
    sure = np.array([0.95, 0.6, 0.95, 0.95, np.nan])
    m = make(D(1900, 1, 1), ENEMIES, membership=sure)
    assert follow([m]).dates[0].standing == ("member", "between", "member", "member", "no ties")
    ties = {("A", "B"): -1.0, ("C", "D"): 1.0}
    assert follow([make(D(1900, 1, 1), ties, ids="ABCD")]).dates[0].standing == (
        "apart",
        "apart",
        "detached",
        "detached",
    )


@pytest.mark.parametrize("smooth", [0.05, 0.2, 0.6])
def test_a_charge_on_moves_is_solved_exactly_given_the_year_before(three_years, smooth):
    found = follow(three_years, smooth=smooth)
    last = {"A": 0, "B": 0, "C": 1, "D": 1}
    for d in found.dates[1:]:
        m = d.moment
        charge = smooth * m.tied

        def moved(label, charge=charge, m=m, last=dict(last)):  # noqa: B006
            return sum(c for a, c, x in zip(m.ids, charge, label, strict=True) if a in last and last[a] != x)

        label, value = enumerated(m.n, m.i, m.j, m.w, moved)
        there = d.bloc >= 0
        assert d.bloc[there].tolist() == label[there].tolist()
        assert d.value == pytest.approx(value)
        assert d.price == pytest.approx((value - m.value) / m.total)
        assert d.proved
        last |= {a: int(b) for a, b in zip(m.ids, d.bloc, strict=True) if b >= 0}


def test_a_high_charge_holds_everybody_and_shows_its_price(three_years):
    free, held = follow(three_years), follow(three_years, smooth=0.6)
    assert [m.change for m in held.changes()] == ["tied"]
    assert held.dates[1].price == pytest.approx(0.4 / 7.4)
    assert held.dates[1].value > free.dates[1].value
    assert held.at(1901).moment.value == free.at(1901).moment.value


def test_a_charged_line_up_is_proved_only_if_both_problems_are(three_years, monkeypatch):
    def unsure(n, i, j, w, **_):
        return Partition(np.zeros(n, dtype=np.int64), 1.0, 0.0, proved=False)

    monkeypatch.setattr(years, "partition", unsure)
    found = follow(three_years, smooth=0.1)
    assert [d.proved for d in found.dates] == [True, False, False]
    assert not found.proved


def test_tables_and_plain_form(three_years):
    found = follow(three_years)
    rows = found.table()
    assert rows.height == 15
    assert rows.columns == [
        "date", "year", "actor", "name", "cow", "major", "capability", "bloc", "bloc_name", "membership", "standing", "frustrated_own",
        "frustrated", "bound", "price", "proved", "value",
    ]  # fmt: skip
    b = rows.filter(year=1901, actor="B").row(0, named=True)
    assert (b["bloc"], b["bloc_name"], b["standing"], b["membership"]) == (1, "B (C)", "member", None)
    assert b["frustrated_own"] == pytest.approx(1 / 2.4)
    assert b["frustrated"] == b["bound"] == pytest.approx(1 / 7.4)
    e = rows.filter(year=1900, actor="E").row(0, named=True)
    assert (e["bloc"], e["bloc_name"], e["frustrated_own"]) == (None, None, None)
    poles = found.polarity()
    assert poles["year"].to_list() == [1900, 1901, 1902]
    assert poles.row(0, named=True)["first_strongest"] == "A"
    plain = found.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False))["moves"][0]["actor"] == "B"
    assert plain["k"] == 2
    with pytest.raises(ParameterError, match="1900-01-01 to 1902-01-01"):
        found.at(1950)


def test_unknown_capability_is_not_passed_off_as_equality():
    m = make(D(1816, 1, 1), ENEMIES)
    row = follow([replace(m, measured=False)]).polarity().row(0, named=True)
    assert [row[k] for k in ("poles", "pole_states", "top_two", "bipolar", "concentration", "bloc_poles")] == [None] * 6


def test_one_bloc_and_no_ties():
    friends = follow([make(D(1900, 1, 1), {("A", "B"): 1.0}, ids="AB")])
    assert friends.polarity().row(0, named=True)["second"] is None
    nobody = follow([make(D(1900, 1, 1), {}, ids="AB")])
    row = nobody.polarity().row(0, named=True)
    assert (row["blocs"], row["first"], row["frustrated"]) == (0, None, 0.0)
    assert nobody.dates[0].price == 0.0


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".json"])
def test_files(three_years, tmp_path, suffix):
    found, path = follow(three_years), tmp_path / f"b{suffix}"
    found.write(path)
    assert list(tmp_path.iterdir()) == [path]
    rows = {
        ".parquet": lambda: pl.read_parquet(path).height,
        ".csv": lambda: pl.read_csv(path).height,
        ".json": lambda: len(json.loads(path.read_text(encoding="utf-8"))["actors"]),
    }[suffix]()
    assert rows == 15


def test_a_file_is_whole_or_not_there(three_years, tmp_path, monkeypatch):
    found, path = follow(three_years), tmp_path / "b.csv"
    with pytest.raises(ParameterError, match=r"\.parquet, \.csv, \.json"):
        check_format(tmp_path / "b.xlsx")
    with pytest.raises(DataError, match="Cannot write"):
        found.write(tmp_path / "missing" / "b.csv")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    with pytest.raises(DataError, match="No space left"):
        found.write(path)
    assert list(tmp_path.iterdir()) == []


def test_letters():
    assert [letter(k) for k in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_series_of_systems(quartet):
    later = quartet.with_(date=D(1911, 1, 1), ties=(*quartet.ties, Tie("AA", "EE", "sponsorship", Quantity.of(0.9))))
    found = blocs_over([later, quartet], draws=20)
    assert [d.date.year for d in found.dates] == [1910, 1911]
    assert found.proved
    assert found.dates[0].moment.membership[:4].min() > 0.9
    assert np.isnan(found.dates[0].moment.membership[4])
    assert [(m.actor, m.change) for m in found.changes()] == [("EE", "tied")]
    assert found.dates[1].bloc[4] == found.dates[1].bloc[0]


@pytest.mark.parametrize("k", [3, "free"])
def test_more_than_two_blocs(quartet, k):
    found = blocs_over([quartet], k=k, draws=10).dates[0]
    assert found.value == pytest.approx(0.0, abs=1e-9)
    assert found.moment.membership[:4].min() > 0.8
    assert len(found.blocs) == 2


def test_three_mutual_enemies_need_three_blocs():
    i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.full(3, -1.0)
    values = {k: line_up(3, i, j, w, k, seconds=5.0).value for k in (2, 3, "free")}
    assert values == {2: 1.0, 3: 0.0, "free": 0.0}


@pytest.mark.parametrize(
    ("options", "words"),
    [({"k": 4}, "'k'"), ({"draws": 1}, "draws"), ({"draws": -3}, "draws"), ({"smooth": 1.5}, "share"), ({"smooth": 0.1, "k": 3}, "two blocs")],
)  # fmt: skip
def test_arguments_out_of_range(quartet, options, words):
    with pytest.raises(ParameterError, match=words):
        blocs_over([quartet], **options)


def test_a_series_needs_dates_that_differ(quartet):
    for systems in ([], [quartet, quartet]):
        with pytest.raises(ParameterError, match="date of its own"):
            blocs_over(systems)


@pytest.fixture
def made_up(monkeypatch, quartet):
    """Replace the real system of a date by the quartet on that date."""
    monkeypatch.setattr("foedus.system.tables.Tables.read", lambda _: "tables")
    monkeypatch.setattr("foedus.system.from_tables.build", lambda day, tables, *, table: quartet.with_(date=day))
    years._tables.cache_clear()
    yield quartet
    years._tables.cache_clear()


def test_years_with_any_workers_give_the_same_bits(made_up, tmp_path, monkeypatch):
    told = []
    alone = blocs_over_years(1910, 1914, data_dir=tmp_path, draws=10, progress=told.append)
    assert told == [0.2, 0.4, 0.6, 0.8, 1.0]
    monkeypatch.setattr(executors, "_in_processes", lambda task, items, count, told: executors._here(task, items))
    forms = [alone.to_dict()]
    with ThreadPoolExecutor(2) as pool:
        for workers in (2, pool):
            told.clear()
            forms.append(
                blocs_over_years(
                    1910, 1914, data_dir=tmp_path, draws=10, workers=workers, progress=told.append
                ).to_dict()
            )
            assert told[-1] == 1.0
    assert forms[0] == forms[1] == forms[2]
    assert [d.date.year for d in alone.dates] == [1910, 1911, 1912, 1913, 1914]


def test_layers_are_left_out(made_up, tmp_path, monkeypatch):
    with pytest.raises(ParameterError, match="weather"):
        blocs_over_years(1910, 1911, data_dir=tmp_path, without=("weather",))
    entente = Pact("entente", "Entente", "alignment", (Member("AA"), Member("EE")), start=D(1910, 6, 1))
    monkeypatch.setattr(
        "foedus.system.from_tables.build",
        lambda day, *_, **__: made_up.with_(date=day, pacts=(*made_up.pacts, entente)),
    )
    kept, dropped = (
        blocs_over_years(1910, 1911, data_dir=tmp_path, without=kinds).at(1911) for kinds in ((), ("alignment",))
    )
    assert kept.bloc[4] == kept.bloc[0]
    assert dropped.bloc[4] == -1


def test_workers_below_one_are_refused(tmp_path):
    with pytest.raises(ParameterError, match="workers"):
        blocs_over_years(1910, 1914, data_dir=tmp_path, workers=0)


def test_an_interruption_cancels_what_has_not_begun(made_up, tmp_path):
    class Slow(Executor):
        """Hands out futures that never finish, and the first with an interruption."""

        def __init__(self):
            self.made = []

        def submit(self, fn, /, *args, **kwargs):
            from concurrent.futures import Future

            future = Future()
            if not self.made:
                future.set_exception(KeyboardInterrupt())
            self.made.append(future)
            return future

    slow = Slow()
    with pytest.raises(KeyboardInterrupt):
        blocs_over_years(1910, 1914, data_dir=tmp_path, workers=slow)
    assert [f.cancelled() for f in slow.made[1:]] == [True] * 4


def test_a_moment_keeps_only_ties_that_weigh(quartet):
    m = moment(quartet)
    assert np.all(m.w != 0)
    assert m.n == 5
    assert m.component.tolist()[4] == 1
    assert isinstance(follow([m]).dates[0], Followed)

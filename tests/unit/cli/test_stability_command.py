"""`foedus stability` and `foedus weak-and-rich`: what they print and what they refuse."""

from __future__ import annotations

import json

import numpy as np
import pytest

from foedus.cli import main
from foedus.security.stability import audit, tied
from foedus.security.stability_years import StabilityYears


def run(capsys, *argv):
    code = 0
    try:
        main(list(argv))
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture(autouse=True)
def wide(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def years(monkeypatch, quartet):
    """Replace the audits of real years by the quartet's."""

    def over(first, last, *, step, gammas, reach, loyal, pledged, draws, seed, data_dir, workers, progress):
        assert workers == "local"
        found = []
        for year in range(first, last + 1, step):
            one = quartet.with_(date=quartet.date.replace(year=year))
            if year == first:
                from dataclasses import replace

                one = one.with_(actors=tuple(replace(a, capability=()) for a in one.actors))
            found.append(
                audit(one, tied(one), gammas=gammas, reach=reach, loyal=loyal, pledged=pledged, draws=draws, seed=seed)
            )
            progress(len(found))
        return StabilityYears(tuple(found), ())

    monkeypatch.setattr("foedus.security.stability_years.stability_over_years", over)


def test_one_system(capsys):
    code, out, _ = run(capsys, "stability", "--in", "europe-1914", "--draws", "20")
    assert code == 0
    assert "allies may attack too" in out
    assert "none" in out
    assert out.index("By gamma") < out.index("Who could be beaten")
    code, out, _ = run(
        capsys,
        "stability",
        "--in",
        "europe-1914",
        "--draws",
        "20",
        "--loyal",
        "--reach",
        "--pledged",
        "both",
        "--gamma",
        "2",
        "--json",
    )
    told = json.loads(out)
    assert (told["loyal"], told["reach"], told["pledged"], len(told["summary"])) == (True, True, "both", 1)


def test_what_is_not_known_is_said(capsys, monkeypatch, quartet):
    from dataclasses import replace

    from foedus.cli import stability as command

    bare = quartet.with_(actors=tuple(replace(a, capability=()) if a.id == "BB" else a for a in quartet.actors))
    command._show(
        audit(bare, tied(bare), gammas=(1.0,), reach=False, loyal=False, pledged="either", draws=5, seed=1), bare
    )
    out = capsys.readouterr().out
    assert "strength of 4 known" in out
    assert "unknown" in out
    assert "unclear" in out


def test_balance_of_power(capsys):
    code, out, _ = run(capsys, "stability", "--in", "europe-1914", "--balance-of-power", "--draws", "20")
    assert code == 0
    assert "major powers" in out
    assert "System-stable" in out
    _, out, _ = run(capsys, "stability", "--in", "europe-1914", "--balance-of-power", "--draws", "20", "--json")
    assert "p_system_stable" in json.loads(out)


def test_resources_that_are_not_known_are_named(capsys):
    from dataclasses import replace

    import foedus as fd
    from foedus.cli import stability as command
    from foedus.security.balance_of_power import balance_of_power_of

    s = fd.load("europe-1914")
    bare = s.with_(
        actors=tuple(replace(a, major=False, capability=() if a.id == "ITA" else a.capability) for a in s.actors)
    )
    command._show_balance(balance_of_power_of(bare, draws=3), bare)
    out = capsys.readouterr().out
    assert "Left out, resources unknown: Italy" in out
    assert "no major power is marked" in out


def test_a_range(capsys, years, tmp_path):
    code, out, _ = run(capsys, "stability", "--in", "1910:1913", "--draws", "4", "--out", "rows.csv")
    assert code == 0
    assert "1910 to 1913, 4 years, each 1 January; 4 draws, seed 1." in out
    rows = json.loads(run(capsys, "stability", "--in", "1910:1913", "--draws", "4", "--json")[1])["years"]
    told = {
        y: " ".join(f"{100 * r['share']:.0f}" for r in rows if r["year"] == y and r["known"])
        for y in (1911, 1912, 1913)
    }
    for year, shares in told.items():
        line = next(x for x in out.splitlines() if x.startswith(f"│ {year}"))
        assert shares in line, "per cent of states, by gamma"
    assert "War-stable at one of these gammas: no year. Unknown, since no capability of the year before is: 1." in out
    assert (tmp_path / "rows.csv").is_file()
    code, out, _ = run(capsys, "stability", "--in", "1910:1913", "--json", "--loyal")
    assert len(json.loads(out)["years"]) == 16
    code, out, _ = run(capsys, "stability", "--in", "1850:1909", "--draws", "2", "--loyal", "--gamma", "5")
    assert "--out FILE holds every year and state" in out
    assert "if no ally attacked" not in out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--in", "europe-1914", "--gamma", "x"], "--gamma"),
        (["--in", "europe-1914", "--gamma", "0"], "gamma"),
        (["--in", "europe-1914", "--out", "x.csv"], "for a range"),
        (["--in", "europe-1914", "--draws", "0"], "draws"),
        (["--in", "europe-1914", "--on", "local"], "for a range"),
        (["--in", "1910:1911", "--out", "x.txt"], "ends in"),
        (["--in", "1910-01-01:1911-01-01"], "one of years"),
        (["--in", "1910:1911", "--date", "1910-02-01"], "for one system"),
        (["--in", "1910:1911", "--balance-of-power"], "for one system"),
        (["--in", "1910:1911", "--trade"], "for one system"),
        (["--in", "europe-1914", "--trade", "--loyal"], "not with --loyal"),
        (["--in", "middle-east-2019", "--trade"], "1870 to 2014"),
    ],
)
def test_what_is_refused(capsys, argv, words):
    code, out, err = run(capsys, "stability", *argv)
    assert code == 2
    assert out == ""
    assert words in err


def test_weak_and_rich(capsys):
    code, out, _ = run(capsys, "weak-and-rich", "--in", "middle-east-2019", "--draws", "40")
    assert code == 0
    assert "Kuwait" in out
    assert "Not known of 1: Palestinian Islamic Jihad" in out
    code, out, _ = run(capsys, "weak-and-rich", "--in", "middle-east-2019", "--draws", "40", "--every")
    assert "Syria" in out
    assert "unknown" in out
    code, out, _ = run(capsys, "weak-and-rich", "--in", "middle-east-2019", "--draws", "40", "--json")
    assert json.loads(out)["unknown"] == ["PIJ"]


def test_another_time_than_the_range_of_shares(capsys):
    code, out, _ = run(capsys, "weak-and-rich", "--in", "europe-1914", "--draws", "10")
    assert code == 0
    assert "that of 2009 to 2013, not of 1914" in out


def test_trade(capsys, monkeypatch):
    from foedus.security import trade_stability as room

    def known(system, _):
        n = len(system.actors)
        flow = np.stack([np.ones((n, n))] * 2)
        k = system.index["ITA"]
        flow[0, k] = flow[0, :, k] = 0.0
        flow[1, k] = flow[1, :, k] = np.inf
        k = system.index["AUH"]
        flow[1, k] = flow[1, :, k] = np.inf
        return room.Trade(1913, flow, np.stack([np.full(n, 20.0), np.full(n, 20.0)]))

    class Nowhere:
        def provenance(self, source):
            from foedus.data.sources.cow_trade_dyads import SPEC
            from foedus.data.store import Provenance

            return Provenance(SPEC, None, "0" * 64, True, "4.0", 2014)

    monkeypatch.setattr(room, "trade_of", known)
    monkeypatch.setattr(room.DataDir, "of", lambda _: Nowhere())
    code, out, _ = run(capsys, "stability", "--in", "europe-1914", "--trade", "--draws", "10")
    assert code == 0
    assert "trade of 1913" in out
    assert "unclear" in out
    code, out, _ = run(
        capsys,
        "stability",
        "--in",
        "europe-1914",
        "--trade",
        "--draws",
        "10",
        "--gamma",
        "0.001",
        "--reach",
        "--pledged",
        "both",
    )
    assert "every tie is kept by need" in out
    assert "trade protects nobody" in out
    code, out, _ = run(capsys, "stability", "--in", "europe-1914", "--trade", "--draws", "10", "--json")
    assert json.loads(out)["trade_of"] == 1913

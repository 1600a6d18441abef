"""A sweep comes to the same bytes however it is chunked, shared out, killed and resumed; and measures what the analyses themselves say."""

from __future__ import annotations

import errno
import json
from datetime import date

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus import executors, files
from foedus.errors import InvalidSystemError, ParameterError, WorkerError
from foedus.scenario.read import load_scenario
from foedus.studies import sweep as running
from foedus.studies import sweep_folder as folders
from foedus.studies.sweep import every_key, sweep
from foedus.studies.sweep_folder import Folder, Rows, missing
from foedus.studies.sweep_outcomes import ask
from foedus.system.nouns import Tie
from foedus.system.values import Quantity
from sweep_tasks import DieOnce

VARY = ["strengthen:RUS=0.5:2:4", "void:franco-russian-alliance=0:1:2", "joining.contest.decisiveness=0.7:1.6:2"]


@pytest.fixture(scope="module")
def system():
    return fd.load("europe-1914")


@pytest.fixture(scope="module")
def whole(system, tmp_path_factory):
    """An undisturbed serial run, and its bytes."""
    out = tmp_path_factory.mktemp("whole") / "run"
    return sweep(system, VARY, draws=200, out=out), (out / folders.TABLE).read_bytes()


def bytes_of(system, out, **more):
    """Return the table of a run."""
    sweep(system, VARY, draws=200, out=out, **more)
    return (out / folders.TABLE).read_bytes()


def test_points_say_what_the_analysis_says_of_the_edited_system(system, whole):
    found, _ = whole
    assert found.points.shape == (16, 3)
    from foedus import params

    for p in (0, 7, 15):
        rus, void, r = found.points[p]
        editor = system.edit().strengthen("RUS", rus)
        edited = editor.void("franco-russian-alliance").system if void else editor.system
        with params.replaced({"joining": params.load("joining").having({"contest.decisiveness": r})}):
            war = edited.war("AUH", "SER", draws=200, seed=1)
        said = [war.size, war.p_spread, war.p_general, war.p_attacker_prevails, *war.p_war.values()]
        assert found.estimate[p].tolist() == [[e.mean, e.low, e.high, e.mc_error] for e in said]
        assert found.by_draw[p, 0].tolist() == war.counts.reshape(4, 50).mean(axis=1).tolist()
    own = system.war("AUH", "SER", draws=200, seed=1)
    assert found.own[0].tolist() == [own.size.mean, own.size.low, own.size.high, own.size.mc_error]


def test_the_record(whole):
    found, raw = whole
    table = found.table()
    assert table.height == 16 * len(found.outcomes) == pl.read_parquet(raw).height
    assert table.columns == ["point", *(v.key for v in found.keys), "outcome", "mean", "low", "high", "mc_error"]
    assert found.most("attacker's side prevails").key == "strengthen:RUS"
    assert found.most("AUH at war") is None
    assert found.straight("attacker's side prevails") > 0.8
    assert found.sensitivity().height == 4 * 3
    assert json.loads(json.dumps(found.to_dict()))["standing"] == "simulated"
    with pytest.raises(ParameterError, match="one of belligerents"):
        found.effects("nothing")


def test_the_table_is_written_in_every_format(whole, tmp_path):
    found, _ = whole
    for suffix in ("parquet", "csv", "json"):
        found.write(tmp_path / f"rows.{suffix}")
    assert pl.read_parquet(tmp_path / "rows.parquet").equals(found.table())


def test_other_chunks_and_other_executors_come_to_the_same_bytes(system, whole, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    assert bytes_of(system, tmp_path / "a", chunk=5) == whole[1]
    with ThreadPoolExecutor(3) as pool:
        assert bytes_of(system, tmp_path / "b", chunk=3, on=pool) == whole[1]
    assert not np.isnan(sweep(system, VARY, draws=200).estimate).any()


def test_a_worker_killed_and_the_run_stopped_and_resumed_come_to_the_same_bytes(system, whole, tmp_path, monkeypatch):
    out, real = tmp_path / "run [1]*", executors.run

    def deadly(plan, items, **more):
        return real(DieOnce(plan, 6, str(tmp_path)), items, **more)

    monkeypatch.setattr(executors, "run", deadly)

    def stop_late(share):
        if share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(system, VARY, draws=200, out=out, chunk=2, on="processes:2", progress=stop_late)
    assert (tmp_path / "died").exists()
    about = json.loads((out / folders.MANIFEST).read_text())
    kept = sorted((out / folders.CHUNKS).iterdir())
    assert about["state"] == "stopped"
    assert len(kept) >= about["finished"] // 2 >= 4
    assert not (out / folders.TABLE).exists()
    stamps = [p.stat().st_mtime_ns for p in kept]
    assert bytes_of(system, out, chunk=3, resume=True) == whole[1]
    assert [p.stat().st_mtime_ns for p in kept] == stamps
    assert json.loads((out / folders.MANIFEST).read_text())["state"] == "done"


def test_a_full_disk_loses_nothing_that_was_finished(system, whole, tmp_path, monkeypatch):
    out, real, left = tmp_path / "run", files.os.fsync, [14]

    def full(handle):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(WorkerError, match="No space left on device") as found:
        sweep(system, VARY, draws=200, out=out, chunk=2)
    assert found.value.exit_code == 1
    assert len(list((out / folders.CHUNKS).iterdir())) == 6
    assert not list(out.rglob("*.tmp"))
    monkeypatch.undo()
    assert bytes_of(system, out, resume=True) == whole[1]


def test_broken_and_lost_chunks_are_run_again_and_leavings_are_cleared(system, whole, tmp_path):
    out = tmp_path / "run"
    bytes_of(system, out, chunk=4)
    first, second, *_ = sorted((out / folders.CHUNKS).iterdir())
    first.write_bytes(first.read_bytes()[:100])
    second.unlink()
    pl.DataFrame({"estimate": [1]}).write_parquet(out / folders.CHUNKS / "points-0000099-0000100.parquet")
    (out / folders.CHUNKS / ".points.0.tmp").touch()
    (out / folders.CHUNKS / "notes.txt").touch()
    assert bytes_of(system, out, chunk=4, resume=True) == whole[1]
    assert not (out / folders.CHUNKS / ".points.0.tmp").exists()


def test_a_folder_keeps_one_run_for_one_process(system, tmp_path):
    out = tmp_path / "run"
    found = sweep(system, VARY[:1], draws=200, out=out)
    with pytest.raises(ParameterError, match="a folder without this run"):
        sweep(system, VARY[:1], draws=200, out=out)
    with pytest.raises(ParameterError, match="seed: 1 there, 2 now"):
        sweep(system, VARY[:1], draws=200, out=out, seed=2, resume=True)
    with pytest.raises(ParameterError, match="vary: "):
        sweep(system, VARY[:2], draws=200, out=out, resume=True)
    with pytest.raises(ParameterError, match="hash: "):
        sweep(system.edit().remove_actor("ITA").system, VARY[:1], draws=200, out=out, resume=True)
    about = json.loads((out / folders.MANIFEST).read_text())
    open_ = Folder(out, about, resume=True)
    with pytest.raises(ParameterError, match="no other run writes"):
        sweep(system, VARY[:1], draws=200, out=out, resume=True)
    open_.close()
    assert sweep(system, VARY[:1], draws=200, out=out, resume=True).table().equals(found.table())


def test_folders_that_cannot_be(system, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(WorkerError, match="cannot be kept"):
        sweep(system, VARY[:1], draws=200, out=tmp_path / "file" / "run")
    odd = tmp_path / "odd"
    (odd / folders.CHUNKS).mkdir(parents=True)
    (odd / folders.CHUNKS / "points-0000000-0000001.parquet").touch()
    with pytest.raises(ParameterError, match=r"a folder with run\.json"):
        sweep(system, VARY[:1], draws=200, out=odd, resume=True)
    for text, words in (
        ("{", "No run is kept there"),
        ("[]", "No run of this format"),
        ('{"format": 99}', "No run of this format"),
    ):
        (odd / folders.MANIFEST).write_text(text)
        with pytest.raises(ParameterError, match=words):
            sweep(system, VARY[:1], draws=200, out=odd, resume=True)


def test_ranges_that_nothing_covers():
    assert missing(4, [], 10) == [(0, 4)]
    assert missing(4, [(0, 4)], 10) == []
    assert missing(9, [(3, 4), (8, 9)], 2) == [(0, 2), (2, 3), (4, 6), (6, 8)]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"chunk": 0}, "chunk"), ({"resume": True}, "a folder to resume from"), ({"on": "nowhere"}, "processes:N"), ({"of": "peace"}, "war, blocs, ally"),
        ({"draws": 10}, "at least 200"), ({"actors": ["AUH"]}, "an attacker and another target"), ({"actors": ["AUH", "AUH"]}, "another target"),
        ({"days": 0}, "above 0"), ({"of": "blocs", "actors": ["AUH"]}, "none: every actor"), ({"of": "ally"}, "whose ledger"),
        ({"of": "ally", "actors": ["BEL", "BEL"]}, "other than BEL"), ({"design": "lhs", "points": 1}, "from 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(system, more, words):
    with pytest.raises(ParameterError, match=words):
        sweep(system, VARY[:1], **more)


def test_keys_that_do_not_go_together_are_told_before_any_work(system, monkeypatch):
    monkeypatch.setattr(running, "_run", lambda *_: pytest.fail("work was done"))
    with pytest.raises(ParameterError, match=r"do not go together at remove:SER = 1.*Unknown actor"):
        sweep(system, ["remove:SER=0:1:2"], draws=200)


def test_an_actor_that_a_point_lacks_is_null_there(system):
    found = sweep(system, ["remove:ITA=0:1:2", "strengthen:RUS=1:2:2"], draws=200)
    rows = found.table().filter(pl.col("outcome") == "ITA at war")
    assert rows["mean"].is_null().to_list() == [False, False, True, True]
    assert found.effects("ITA at war")[0].total is None
    lost = sweep(system, ["remove:GMY=0:1:2"], of="ally", actors=["BEL", "GMY"], draws=20)
    assert np.isnan(lost.estimate[1]).all()
    assert lost.effects()[0].change is None


def test_an_error_or_infinity_at_a_point_says_where(system, monkeypatch):
    asked = ask(system, "war", draws=200)
    plan = running.Plan(system, running.handles([running.Vary.of("remove:SER=0:1")], system, None, {}), asked)
    with pytest.raises(ParameterError, match=r"At point 7 \(remove:SER = 1\)"):
        plan((7, np.array([[1.0]])))
    assert plan.told_of((7, np.array([[0.0], [1.0]]))) == "points 7 to 8: remove:SER = 0 to remove:SER = 1"
    made = Rows(np.full((20, 4), np.inf), np.zeros((20, 4)))
    monkeypatch.setattr(running.Ask, "measure", lambda *_: made)
    with pytest.raises(ParameterError, match="not finite"):
        plan.at(np.array([0.0]), 0)


def test_blocs_are_measured_by_draw(system):
    found = sweep(system, ["void:dual-alliance=0:1:2"], of="blocs", draws=20)
    blocs = system.blocs(draws=20, seed=1)
    head = found.ask.first
    assert found.outcomes[:2] == ("tie weight frustrated", f"{next(a for a in system.ids if a != head)} with {head}")
    for name in ("AUH", "FRN", "ITA"):
        share = found.estimate[0, found.outcomes.index(f"{name} with {head}"), 0]
        together = blocs.together[system.index[name], system.index[head]]
        assert (share * 20 + 1) / 22 == pytest.approx(together)
    assert found.effects("AUH with " + head)[0].change.low < found.effects("AUH with " + head)[0].change.high


def test_blocs_need_a_tie(make_actor):
    alone = fd.System("x", "X", date(1900, 1, 1), (make_actor("AA", 0.5), make_actor("BB", 0.5)))
    with pytest.raises(InvalidSystemError, match="Nobody has a tie"):
        ask(alone, "blocs")
    with pytest.raises(ParameterError, match="an attacker and another target"):
        ask(alone, "war")


def test_one_tie_is_enough_for_blocs(make_actor):
    actors = tuple(make_actor(n, 0.3) for n in ("AA", "BB", "CC"))
    s = fd.System("x", "X", date(1900, 1, 1), actors, ties=(Tie("AA", "BB", "rivalry", Quantity.of([-0.9, -0.5])),))
    found = sweep(s, ["tie[AA-BB:rivalry].strength=-1:-0.5:2"], of="blocs", draws=20)
    assert np.isnan(found.estimate[:, found.outcomes.index(f"CC with {found.ask.first}")]).all()


@pytest.mark.parametrize("against", [["GMY"], []])
def test_a_ledger_is_that_of_alone_or_together(system, against):
    found = sweep(system, ["strengthen:UKG=1:2:2"], of="ally", actors=["BEL", *against], draws=20, seed=3)
    ledger = system.alone_or_together("BEL", against=against or None, draws=20, seed=3, wars=0, brief=True)
    said = [*ledger.attacked, *ledger.holds, *ledger.beaten, ledger.safer]
    assert found.own == pytest.approx(np.array([[e.mean, e.low, e.high, e.mc_error] for e in said]), rel=1e-12)


def test_every_key_that_an_analysis_has():
    scenario = load_scenario("europe-1914")
    keys = every_key(scenario.system, scenario=scenario)
    assert "joining.contest.decisiveness" in keys
    assert any(k.startswith("what-if:") for k in keys)


def test_a_table_of_reasons_of_ones_own_counts(system):
    from foedus import params

    own = params.load("ties").having({"weight.war": 1.4, "weight.rivalry": 1.2})
    found = sweep(system, ["strengthen:RUS=1:2:2"], draws=200, table=own)
    war = system.war("AUH", "SER", draws=200, table=own)
    assert found.own[0, 0] == war.size.mean
    assert found.estimate[0, 0, 0] == war.size.mean

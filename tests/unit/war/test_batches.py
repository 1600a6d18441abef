import json
import os
import signal
import threading

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.nested import nested
from foedus.kernels import tally
from foedus.system.edits import VoidPact
from foedus.war import batches
from foedus.war.batches import BATCH, GROUPS, INNER, groups_of, patient
from foedus.war.field import land_pairs
from foedus.war.grouped import estimates
from foedus.war.simulate import war

KEPT = ("side", "entered", "cause", "through", "won", "day", "left", "ended")


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard():
    """Python's own answer to Ctrl-C; a shell that runs the tests in the background has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def same(a, b):
    return (
        all(np.array_equal(x, y) for x, y in zip(a.tally, b.tally, strict=True))
        and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in KEPT)
        and json.dumps(a.to_dict()) == json.dumps(b.to_dict())
    )


def test_counts_say_what_the_draws_say(quartet):
    w = war(quartet, "AA", "CC", draws=3 * BATCH // 2)
    side, t, n = w.side, w.tally, len(quartet.ids)
    groups = side.reshape(-1, INNER, n)
    assert np.array_equal(t.side, np.stack([(groups == k).sum(axis=1) for k in (1, 2)], axis=1))
    assert np.array_equal(t.size, w.counts.reshape(-1, INNER).sum(axis=1))
    assert np.array_equal(t.square, (w.counts**2).reshape(-1, INNER).sum(axis=1))
    assert np.array_equal(t.won, w.won.reshape(-1, INNER).sum(axis=1))
    assert np.array_equal(t.over, (w.ended >= 0).reshape(-1, INNER).sum(axis=1))
    assert np.array_equal(t.left, (w.left >= 0).reshape(-1, INNER, n).sum(axis=1))
    assert np.array_equal(t.spread, (w.counts > 2).reshape(-1, INNER).sum(axis=1))
    assert np.array_equal(t.general, (w.share >= 0.5).reshape(-1, INNER).sum(axis=1))
    assert np.array_equal(t.sizes, np.bincount(w.counts, minlength=n + 1))
    for x, y in [(0, 2), (1, 3)]:
        meet = (side[:, x] > 0) & (side[:, y] > 0) & (side[:, x] != side[:, y])
        f = [tuple(p) for p in land_pairs(quartet)].index((x, y))
        assert np.array_equal(t.front[:, f], meet.reshape(-1, INNER).sum(axis=1))
        assert np.array_equal(t.home[:, x], t.front[:, f])
    for x in range(n):
        inside = side[:, x] > 0
        assert np.array_equal(t.cause[x], np.bincount(w.cause[inside, x], minlength=7))
        assert t.through[x] == (w.through == x).sum()
        for y in range(n):
            there = (w.left[:, y] < 0) | (w.left[:, y] > w.day[:, x])
            beside = (w.entered[:, x] > 0) & (side[:, x] == side[:, y]) & (w.day[:, y] < w.day[:, x]) & there
            assert t.beside[x, y] == beside.sum()
        for size in range(n + 1):
            for k in (1, 2):
                assert t.member[size, k - 1, x] == ((w.counts == size) & (side[:, x] == k)).sum()
    for size in range(n + 1):
        first = np.flatnonzero(w.counts == size)[: tally.SAMPLE]
        assert t.sample[size].tolist() == first.tolist() + [-1] * (tally.SAMPLE - len(first))


def test_an_actor_with_two_hostile_neighbours_has_its_front_at_home_once():
    side = np.array([[1, 2, 2], [1, 2, 0]], dtype=np.int8)
    t = tally.empty(1, 3, 2)
    zeros = np.zeros((2, 3), dtype=np.int8)
    through = np.full((2, 3), -1, dtype=np.int16)
    day = np.zeros((2, 3), dtype=np.float32)
    wars = (side, zeros, zeros, through, np.zeros(2, dtype=np.int8), day, day - 1, day[:, 0] - 1)
    tally.count(t, 0, 50, wars, np.zeros(2, dtype=bool), np.array([[0, 1], [0, 2]]))
    assert t.front.tolist() == [[2, 1]]
    assert t.home.tolist() == [[2, 2, 1]]


def test_estimates_from_counts_are_those_from_draws():
    rng = np.random.default_rng(2)
    draws = (rng.random((400, 3)) < np.repeat(rng.random((8, 3)), 50, axis=0)).astype(float)
    sizes = rng.poisson(np.repeat(rng.random(8) * 9, 50))[:, None].astype(float)
    for values, squares in ((draws, False), (sizes, True), (draws[:100], False)):
        groups = values.reshape(-1, 50, values.shape[1])
        second = (groups**2).sum(axis=1) if squares else None
        got = estimates(groups.sum(axis=1), np.full(len(groups), 50), 50, second)
        for a, b in zip(got, nested(values, 50), strict=True):
            assert list(a.to_dict().values()) == pytest.approx(list(b.to_dict().values()), rel=1e-9)


def test_groups_used_twice_count_in_the_error():
    rng = np.random.default_rng(3)
    p = rng.random(40)
    wars = np.where(np.arange(40) < 20, 100, 50)
    e = estimates(rng.binomial(wars, p)[:, None], wars, 50)[0]
    assert e.mc_error > 0.5 * p.std() / np.sqrt(40)
    assert e.mc_error > 2 * np.sqrt(0.25 / wars.sum())


def test_what_is_kept_changes_no_count_and_memory_does_not_grow(quartet):
    every, few = war(quartet, "AA", "CC", draws=3 * BATCH), war(quartet, "AA", "CC", draws=3 * BATCH, keep=70)
    assert few.kept == 70
    assert few.draws == every.draws == 3 * BATCH
    assert np.array_equal(few.side, every.side[:70])
    assert all(np.array_equal(x, y) for x, y in zip(few.tally, every.tally, strict=True))
    assert few.p_war == every.p_war
    assert few.chains() != []
    many = war(quartet, "AA", "CC", draws=GROUPS * INNER + BATCH, keep=70)
    more = war(quartet, "AA", "CC", draws=2 * GROUPS * INNER + BATCH, keep=70)
    sizes = [sum(x.nbytes for x in (*w.tally, w.power, *(getattr(w, k) for k in KEPT))) for w in (many, more)]
    assert sizes[0] == sizes[1]


def test_inputs_are_drawn_again_in_turn(quartet, monkeypatch):
    monkeypatch.setattr(batches, "GROUPS", 20)
    w = war(quartet, "AA", "CC", draws=BATCH)
    assert len(w.power) == 20
    assert w.tally.wars.tolist() == [150] * 10 + [100] * 10
    assert np.array_equal(w.tally.size, np.bincount(np.arange(BATCH) // INNER % 20, weights=w.counts))


def test_many_actors_get_fewer_draws_of_the_inputs():
    assert groups_of(10_000, 47) == 200
    assert groups_of(10**6, 47) == 1000
    assert 200 <= groups_of(10**6, 200) < 1000
    assert groups_of(10**6, 2000) == 200


def stopping_at(share):
    """Return a progress function that sends Ctrl-C once a share is done."""

    def tell(done, sent=[]):  # noqa: B006
        if done >= share and not sent:
            sent.append(done)
            os.kill(os.getpid(), signal.SIGINT)

    return tell


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("keep", [100, 2 * BATCH, None])
def test_a_stopped_run_goes_on_to_the_same_bits(quartet, tmp_path, workers, keep):
    whole = war(quartet, "AA", "CC", draws=5 * BATCH, keep=keep)
    file = tmp_path / "stopped.run"
    part = war(quartet, "AA", "CC", draws=5 * BATCH, keep=keep, save=file, workers=workers, progress=stopping_at(0.35))
    assert part.asked == 5 * BATCH
    assert 2 * BATCH <= part.draws < 5 * BATCH
    assert part.draws == part.to_dict()["draws"]
    assert [p.name for p in tmp_path.iterdir()] == ["stopped.run"]
    short = war(quartet, "AA", "CC", draws=part.draws, keep=keep)
    assert same(short, war(quartet, "AA", "CC", draws=part.draws, keep=keep, resume=file))
    assert short.p_war == part.p_war
    assert same(whole, war(quartet, "AA", "CC", draws=5 * BATCH, keep=keep, resume=file, workers=workers))


def test_a_run_stopped_twice(quartet, tmp_path):
    file = tmp_path / "stopped.run"
    for share in (0.2, 0.6):
        more = {"resume": file} if file.exists() else {}
        war(quartet, "AA", "CC", draws=6 * BATCH, save=file, progress=stopping_at(share), **more)
    assert same(war(quartet, "AA", "CC", draws=6 * BATCH), war(quartet, "AA", "CC", draws=6 * BATCH, resume=file))


def test_a_finished_run_leaves_no_file(quartet, tmp_path):
    war(quartet, "AA", "CC", draws=100, save=tmp_path / "x.run")
    assert not list(tmp_path.iterdir())


def test_ctrl_c_without_a_file_raises_and_so_does_one_before_the_first_batch(quartet, tmp_path, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        war(quartet, "AA", "CC", draws=3 * BATCH, progress=stopping_at(0.1))
    monkeypatch.setattr(batches.Run, "advance", lambda self, **_: None)
    with pytest.raises(KeyboardInterrupt):
        war(quartet, "AA", "CC", draws=100, save=tmp_path / "x.run")


def test_a_file_of_another_run_is_refused(quartet, tmp_path):
    file = tmp_path / "stopped.run"
    war(quartet, "AA", "CC", draws=3 * BATCH, save=file, progress=stopping_at(0.3))
    void = VoidPact("pact-second").apply(quartet)
    for system, shot, seed in ((quartet, "BD", 1), (quartet, "AC", 2), (void, "AC", 1)):
        with pytest.raises(ParameterError, match="another war"):
            war(system, shot[0] * 2, shot[1] * 2, draws=3 * BATCH, seed=seed, resume=file)
    with pytest.raises(ParameterError, match="draws"):
        war(quartet, "AA", "CC", draws=100, resume=file)
    with np.load(file) as found:
        held = dict(found)
    for name, counts in (("wars", held["wars"].astype(float)), ("side", held["side"][..., :-1])):
        np.savez(file, **held | {name: counts})
        file.with_suffix(".run.npz").replace(file)
        with pytest.raises(ParameterError, match="counts of another war"):
            war(quartet, "AA", "CC", draws=3 * BATCH, resume=file)
    for content in (b"", b"no run", b"PK\x03\x04broken"):
        file.write_bytes(content)
        with pytest.raises(ParameterError, match="as a run of wars"):
            war(quartet, "AA", "CC", draws=100, resume=file)
    with pytest.raises(ParameterError, match="as a run of wars"):
        war(quartet, "AA", "CC", draws=100, resume=tmp_path / "absent")


def test_a_failed_write_leaves_the_old_file(quartet, tmp_path, monkeypatch):
    file = tmp_path / "stopped.run"
    war(quartet, "AA", "CC", draws=3 * BATCH, save=file, progress=stopping_at(0.3))
    before = file.read_bytes()

    def full(handle, **_):
        handle.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batches.np, "savez_compressed", full)
    with pytest.raises(OSError, match="No space"):
        war(quartet, "AA", "CC", draws=3 * BATCH, save=file, progress=stopping_at(0.3))
    assert file.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["stopped.run"]


def test_ctrl_c_is_put_off_once_and_only_in_the_main_thread():
    before = signal.getsignal(signal.SIGINT)

    def twice():
        with patient() as came:
            assert not came()
            os.kill(os.getpid(), signal.SIGINT)
            assert came()
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        twice()
    assert signal.getsignal(signal.SIGINT) is before
    seen = []

    def elsewhere():
        with patient() as came:
            seen.append((came(), signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [(False, before)]

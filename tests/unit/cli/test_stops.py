"""A scheduler's SIGTERM and a terminal that closes do what Ctrl-C does; what is ignored or handled elsewhere stays so."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from foedus.cli import main, stops
from foedus.cli.stops import asked_to_end


@pytest.fixture(params=stops.SIGNALS, ids=lambda s: s.name)
def asked(request):
    before = signal.signal(signal.SIGINT, signal.default_int_handler), signal.signal(request.param, signal.SIG_DFL)
    yield request.param
    signal.signal(signal.SIGINT, before[0])
    signal.signal(request.param, before[1])


def test_it_is_ctrl_c_with_another_exit_code(asked, monkeypatch, capsys):
    def long(**_):
        os.kill(os.getpid(), asked)
        pytest.fail("went on")

    monkeypatch.setattr("foedus.cli.data.list", long)
    with pytest.raises(SystemExit) as ended:
        main(["data", "list"])
    assert (ended.value.code, capsys.readouterr().err) == (128 + asked, "stopped\n")
    assert signal.getsignal(asked) is signal.SIG_DFL


@pytest.mark.parametrize("ctrl_c", [signal.SIG_IGN, signal.default_int_handler], ids=["in the background", "in front"])
def test_the_second_at_once_is_the_same_request_and_a_later_one_is_not(ctrl_c, asked, monkeypatch):
    signal.signal(signal.SIGINT, ctrl_c)
    with asked_to_end() as came:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), asked)
        os.kill(os.getpid(), asked)
        monkeypatch.setattr(stops, "AGAIN", 0.0)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), asked)
    assert came == [asked] * 3


def test_who_puts_ctrl_c_off_puts_it_off_too(asked):
    seen = []
    with asked_to_end() as came:
        signal.signal(signal.SIGINT, lambda *_: seen.append("noted"))
        os.kill(os.getpid(), asked)
    assert (seen, came) == (["noted"], [asked])


def test_what_is_ignored_stays_ignored(asked):
    signal.signal(asked, signal.SIG_IGN)
    with asked_to_end() as came:
        os.kill(os.getpid(), asked)
        assert signal.getsignal(asked) is signal.SIG_IGN
    assert came == []


def test_other_threads_leave_signals_alone(asked):
    seen = []

    def elsewhere():
        with asked_to_end():
            seen.append(signal.getsignal(asked))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]

"""The studio's folder, in which somebody else has laid links and pipes: nothing outside it is shown or changed, and no one waits for ever."""

import os

import pytest

from foedus.studio import scenarios
from foedus.studio.refusal import RefusedError
from foedus.studio.runs import Runs, read, write
from foedus.studio.settings import Settings

NAME = "20260101-000000-abcdef"


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text('{"state": "done", "secret": 1}')
    return path


@pytest.fixture
def runs(tmp_path):
    made = Runs(Settings(folder=tmp_path / "studio"))
    (made.settings.runs / NAME).mkdir(parents=True)
    for name, what in (
        ("run.json", {"id": NAME, "question": "war", "title": "t", "params": {}}),
        ("state.json", {"state": "running"}),
    ):
        write(made.settings.runs / NAME / name, what)
    return made


@pytest.mark.parametrize("name", ["run.json", "state.json", "progress.json", "error.json"])
@pytest.mark.parametrize("kind", ["link", "pipe", "zero"])
def test_what_a_run_says_of_itself_is_a_file(kind, name, runs, secret):
    path = runs.settings.runs / NAME / name
    path.unlink(missing_ok=True)
    os.mkfifo(path) if kind == "pipe" else path.symlink_to(secret if kind == "link" else "/dev/zero")
    assert read(path) is None
    assert "secret" not in repr(runs.get(NAME))
    assert [r["id"] for r in runs.listed()] == [NAME]


def test_an_answer_that_is_a_link_is_not_given(runs, secret):
    (runs.settings.runs / NAME / "answer.json").symlink_to(secret)
    with pytest.raises(RefusedError, match="no regular file"):
        runs.answer(NAME)


def test_a_link_that_is_laid_between_the_look_and_the_reading_is_not_followed(tmp_path, secret, monkeypatch):
    (tmp_path / "a.toml").symlink_to(secret)
    monkeypatch.setattr(scenarios, "place", lambda folder, name: folder / name)
    with pytest.raises(RefusedError, match="cannot be read"):
        scenarios.read(tmp_path, "a.toml")
    scenarios.write(tmp_path, "a.toml", "x = 1", scenarios._hash(secret.read_bytes()))
    assert "secret" in secret.read_text()
    assert not (tmp_path / "a.toml").is_symlink()


def test_a_log_is_not_written_through_a_link(runs, secret):
    (runs.settings.runs / NAME / "log.txt").symlink_to(secret)
    with pytest.raises(OSError):
        runs._begin(NAME)
    assert secret.read_text().startswith("{")


@pytest.mark.parametrize("when", [0, 4_102_444_800, 10**12])
def test_files_of_any_time_are_listed(when, tmp_path, runs):
    """Of 1970, of 2100, and of a year that no date has."""
    (tmp_path / "a.toml").write_text("x = 1")
    os.utime(tmp_path / "a.toml", (when, when))
    assert [r["name"] for r in scenarios.listed(tmp_path)] == ["a.toml"]
    answer = runs.settings.runs / NAME / "answer.json"
    answer.write_text("{}")
    os.utime(answer, (when, when))
    assert runs.get(NAME)["state"] == "done"


def test_a_clock_that_goes_back_gives_no_time_below_zero(runs, monkeypatch):
    write(runs.settings.runs / NAME / "state.json", {"state": "running", "began": 2e9})
    write(runs.settings.runs / NAME / "progress.json", {"share": 0.5})
    monkeypatch.setattr("foedus.studio.runs.alive", lambda _: True)
    assert runs.get(NAME)["eta"] == 0

"""Every kept input of the fuzzers, read again without them: a result or one error, soon and in little memory."""

from __future__ import annotations

import gc
import resource
import time
from pathlib import Path

import pytest
from fuzz.contract import BrokenError, held, leaves_only
from fuzz.targets import names, target

CORPUS = Path(__file__).parents[2] / "fuzz" / "corpus"
SECONDS = 10.0
"""For one input, on a busy machine; most take milliseconds."""
MEGABYTES = 1_024


def peak():
    """Return the most memory that this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture(autouse=True)
def _nothing_at_hand(monkeypatch, tmp_path):
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "none"))


def test_every_target_has_a_corpus():
    assert len(names()) >= 20
    assert {p.name for p in CORPUS.iterdir()} == set(names())


@pytest.mark.parametrize("name", names())
@pytest.mark.filterwarnings("ignore")
def test_kept_inputs_hold(name, tmp_path):
    read = target(name).one
    files = sorted((CORPUS / name).iterdir())
    assert len(files) >= 4
    read(files[0].read_bytes(), _folder(tmp_path, "first"))  # imports and compiled code are not the input's
    # those made anew name what foedus is now, where a kept file may be of a run of another version
    made = ((f"seed{k}", data) for k, data in enumerate(target(name).seeds()))
    for label, data in (*((file.name, file.read_bytes()) for file in files), *made):
        folder, before, begun = _folder(tmp_path, label), peak(), time.monotonic()
        read(data, folder)
        assert time.monotonic() - begun < SECONDS, label
        assert peak() - before < MEGABYTES, label
    gc.collect()


def _folder(tmp_path, name):
    folder = tmp_path / name[:12]
    folder.mkdir()
    return folder


def test_the_contract_is_broken_by_what_is_no_error_of_ours(tmp_path):
    from foedus.errors import DataError

    def refuse(text):
        raise DataError(text)

    assert held(refuse, "No such file") is None
    assert held(int, "3") == 3
    with pytest.raises(ValueError, match="invalid literal"):
        held(int, "x")
    for text in ("", "x" * 200_000):
        with pytest.raises(BrokenError, match="characters"):
            held(refuse, text)
    (tmp_path / "half.tmp").touch()
    with pytest.raises(BrokenError, match="half"):
        leaves_only(tmp_path, "whole")

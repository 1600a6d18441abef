"""Where the data of a real date are looked for when no folder is named."""

import pytest

import foedus as fd
from foedus.errors import DataError


def test_without_a_folder_the_message_says_what_makes_one(monkeypatch, tmp_path):
    monkeypatch.delenv("FOEDUS_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(DataError, match="foedus data fetch makes it"):
        fd.system("1914-07-28")


@pytest.mark.realdata
def test_the_folder_that_fetch_fills_is_read(monkeypatch, tmp_path, realdata_dir):
    (tmp_path / "foedus").symlink_to(realdata_dir)
    monkeypatch.delenv("FOEDUS_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert fd.system("1914-07-28").hash == fd.system("1914-07-28", data_dir=realdata_dir).hash

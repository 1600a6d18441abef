"""Every bound and every kind of member of an archive, one at a time, without a server."""

import io
import os
import stat
import tarfile
import zipfile

import pytest

from foedus.data import archives
from foedus.data.archives import Limits, Wanted, take
from foedus.errors import DataError


def packed(path, members, form):
    """Write an archive of (name, content, changes of its head); a name may stand twice."""
    out = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content, changed in members:
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = changed.get("kind", stat.S_IFREG) << 16
                file.writestr(info, content)
    else:
        with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.GNU_FORMAT) as file:
            for name, content, changed in members:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                for key, value in changed.items():
                    setattr(info, key, value)
                file.addfile(info, io.BytesIO(content))
    path.write_bytes(out.getvalue())
    return path


def taken(tmp_path, content, form, *, most=100, **limits):
    """Return the faults, with what was written of ``a.csv``; the error where the archive is refused, and then nothing is left."""
    target = tmp_path / "out"
    try:
        faults = take(packed(tmp_path / "x", content, form), {"a.csv": Wanted(target, most)}, limits=Limits(**limits))
    except DataError as error:
        assert not target.exists()
        return str(error)
    assert target.exists() == (not faults)
    return faults.get("a.csv") or target.read_bytes()


A = ("top/a.csv", b"1", {})


@pytest.mark.parametrize("form", ["zip", "tar"])
def test_members_are_found_with_or_without_their_top_folder(tmp_path, form):
    assert taken(tmp_path, [A, ("top/b.csv", b"2", {})], form) == b"1"
    (tmp_path / "out").unlink()
    assert taken(tmp_path, [("a.csv", b"3", {}), ("__MACOSX/a.csv", b"4", {})], form) == b"3"
    (tmp_path / "out").unlink()
    assert "not in the archive" in taken(tmp_path, [("deep/top/a.csv", b"3", {})], form)


@pytest.mark.parametrize("form", ["zip", "tar"])
@pytest.mark.parametrize("name", ["../a.csv", "top/../../x", "/a.csv", "C:/x", "top\\..\\x", "..\\x"])
def test_one_path_that_leads_out_refuses_all(tmp_path, form, name):
    assert "a member named" in taken(tmp_path, [A, (name, b"evil", {})], form)


@pytest.mark.parametrize("form", ["zip", "tar"])
def test_bounds(tmp_path, form):
    many = [A, *((f"top/{k}", b"", {}) for k in range(3))]
    assert "more than 3 members" in taken(tmp_path, many, form, members=3)
    assert taken(tmp_path, many, form, members=4) == b"1"
    (tmp_path / "out").unlink()
    large = ("top/a.csv", bytes(50_000), {})
    assert "50,000 bytes in the archive, more than the 100" in taken(tmp_path, [large], form)
    assert "more than the 49,999" in taken(tmp_path, [large], form, most=49_999)
    for bound in ({"small": 10, "ratio": 1}, {"unpacked": 10}):
        assert "when unpacked" in taken(tmp_path, [large], form, most=10**6, **bound)
    assert taken(tmp_path, [large], form, most=50_000) == bytes(50_000)


@pytest.mark.parametrize("form", ["zip", "tar"])
def test_a_member_that_stands_twice_is_not_chosen_from(tmp_path, form):
    with pytest.MonkeyPatch.context() as quiet:
        quiet.setattr("warnings.warn", lambda *_, **__: None)
        assert "twice" in taken(tmp_path, [A, ("top/a.csv", b"2", {})], form)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_of_a_zip_file_are_not_written(tmp_path, kind):
    assert "a link, a device or locked" in taken(tmp_path, [("top/a.csv", b"/etc/passwd", {"kind": kind})], "zip")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_of_a_tar_file_are_not_written(tmp_path, kind):
    members = [("top/b.csv", b"1", {}), ("top/a.csv", b"", {"type": kind, "linkname": "top/b.csv"})]
    assert "a link, a device or locked" in taken(tmp_path, members, "tar")


def test_a_locked_member_and_a_hole_are_not_written(tmp_path):
    path = packed(tmp_path / "x", [A], "zip")
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + at] |= 1
    path.write_bytes(raw)
    assert "locked" in take(path, {"a.csv": Wanted(tmp_path / "out", 9)})["a.csv"]
    hole = {
        "pax_headers": {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.size": "99",
            "GNU.sparse.map": "0,1",
        }
    }
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as file:
        info = tarfile.TarInfo("top/a.csv")
        info.size, info.pax_headers = 1, hole["pax_headers"]
        file.addfile(info, io.BytesIO(b"x"))
    assert "not a plain file" in take(path, {"a.csv": Wanted(tmp_path / "out", 99)})["a.csv"]
    assert not (tmp_path / "out").exists()


def test_nothing_is_left_of_a_damaged_archive_or_of_a_full_disk(tmp_path, monkeypatch):
    path, target = tmp_path / "x", tmp_path / "out"
    whole = packed(path, [A, ("top/b.csv", os.urandom(100_000), {})], "tar").read_bytes()
    for damaged in (whole[:-50_000], whole[:-8] + bytes(8)):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match="Not a sound archive"):
            take(path, {"a.csv": Wanted(target, 9)})
        assert not target.exists()
    path.write_bytes(whole)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives, "_next", full)
    with pytest.raises(OSError, match="No space"):
        take(path, {"a.csv": Wanted(target, 9)})
    assert not target.exists()

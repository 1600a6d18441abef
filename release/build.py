"""Build the sdist and the wheel of the last commit, twice, and refuse them unless both are the same bytes.

    python release/build.py [--out dist]

Each build is of a clean export of HEAD and uses the time of that commit as its clock (SOURCE_DATE_EPOCH). What must not matter differs between
the two: folder, times of the files, umask, time zone, language, order of hashes. A third wheel is built from the unpacked sdist. Needs git and the
pinned build backend in the same environment; opens no connection.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BACKEND = ("hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers")
"""What decides the bytes: the build backend and what it imports."""
WORLDS = (
    {"umask": 0o022, "TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "age": 0},
    {"umask": 0o077, "TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONHASHSEED": "2", "age": 400_000_000},
)
"""Two surroundings that must give the same bytes; ``age`` is how many seconds older the files are."""


def main(arguments: list[str] | None = None) -> int:
    """Build, compare, and put what was built into a folder."""
    parser = argparse.ArgumentParser(description="Build sdist and wheel of HEAD, reproducibly.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of what is built")
    out = parser.parse_args(arguments).out
    try:
        built = build(ROOT)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("foedus-*.whl"), *out.glob("foedus-*.tar.gz"), out / "SHA256SUMS"]:
        old.unlink(missing_ok=True)
    for name, content in built.items():
        (out / name).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(built.items()))
    (out / "SHA256SUMS").write_text(sums, encoding="ascii")
    print(sums, end="")
    print(f"Both builds are equal, and the wheel from the sdist too; they are in {out}.", file=sys.stderr)
    return 0


class ReleaseError(Exception):
    """Why no release can be made."""


def build(root: Path, worlds: tuple[dict[str, object], ...] = WORLDS) -> dict[str, bytes]:
    """Return the files of a release of HEAD by name.

    Raises
    ------
    ReleaseError
        No commit, a backend other than the pinned one, a build that fails, or two builds that differ.
    """
    pinned(root)
    epoch = _git(root, "log", "-1", "--format=%ct").strip()
    if _git(root, "status", "--porcelain").strip():
        print("The working tree has changes; HEAD is built without them.", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="foedus-release-") as folder:
        made = []
        for number, world in enumerate(worlds):
            place = Path(folder) / ("a", "another much longer name")[number % 2] / "foedus"
            _export(root, place, int(epoch) - int(str(world["age"])))
            made.append(_built(place, ("sdist", "wheel"), epoch, world))
        _equal(made[0], made[1], "Two builds of one commit")
        (sdist,) = [n for n in made[0] if n.endswith(".tar.gz")]
        (wheel,) = [n for n in made[0] if n.endswith(".whl")]
        unpacked = Path(folder) / "from the sdist"
        path = Path(folder) / sdist
        path.write_bytes(made[0][sdist])
        with tarfile.open(path) as archive:
            archive.extractall(unpacked, filter="data")
        (place,) = unpacked.iterdir()
        _equal(
            {wheel: made[0][wheel]},
            _built(place, ("wheel",), epoch, worlds[-1]),
            "The wheel from the sdist and the wheel from git",
        )
    return made[0]


def pinned(root: Path) -> None:
    """Raise unless the build backend here is the pinned one."""
    lines = (root / "constraints.txt").read_text(encoding="utf-8").split()
    pins = dict(line.split("==") for line in lines)
    wrong = []
    for name in BACKEND:
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "nothing"
        if found != pins[name]:
            wrong.append(f"{name}: {found} is installed, {pins[name]} is pinned")
    if wrong:
        hint = "hint: python -m pip install -c constraints.txt -e '.[test]'"
        raise ReleaseError("\n".join(["The build backend is not the pinned one.", *wrong, hint]))


def _git(root: Path, *arguments: str) -> str:
    """Return what git says."""
    try:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        raise ReleaseError(f"A release is built from a git commit: {detail.strip()}") from error


def _export(root: Path, place: Path, time: int) -> None:
    """Write the files of HEAD into a folder that is not there yet, all of them as old as ``time`` says."""
    place.mkdir(parents=True)
    archive = place.parent / "head.tar"
    _git(root, "archive", "--format=tar", f"--output={archive}", "HEAD")
    with tarfile.open(archive) as files:
        files.extractall(place, filter="data")
    for path in place.rglob("*"):
        os.utime(path, (time, time))


def _built(place: Path, targets: tuple[str, ...], epoch: str, world: dict[str, object]) -> dict[str, bytes]:
    """Return what the backend builds of a folder in one of the surroundings."""
    out = place.parent / f"{place.name}-out"
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    for target in targets:
        command += ["-t", target]
    own = {k: str(world[k]) for k in ("TZ", "LC_ALL", "PYTHONHASHSEED")}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HATCH", "PYTHON", "GIT"))}
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, check=False, umask=int(str(world["umask"])),
        env={**environment, **own, "SOURCE_DATE_EPOCH": epoch, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    if done.returncode:
        raise ReleaseError(f"The build failed:\n{done.stderr or done.stdout}")
    return {p.name: p.read_bytes() for p in sorted(out.iterdir())}


def _equal(one: dict[str, bytes], two: dict[str, bytes], what: str) -> None:
    """Raise unless both are the same files; says which members differ."""
    if one.keys() != two.keys():
        raise ReleaseError(f"{what} have other names: {', '.join(one)}; {', '.join(two)}")
    for name, content in one.items():
        if content != two[name]:
            left, right = members(name, content), members(name, two[name])
            differ = sorted(m for m in left.keys() | right.keys() if left.get(m) != right.get(m))
            raise ReleaseError(f"{what} differ in {name}: {', '.join(differ[:20]) or 'only in how it is packed'}")


def members(name: str, content: bytes) -> dict[str, str]:
    """Return the checksum of each file of an sdist or wheel, by its name there."""
    import io

    out = {}
    if name.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                out[info.filename] = hashlib.sha256(archive.read(info)).hexdigest()
        return out
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            out[member.name] = hashlib.sha256(file.read() if file else b"").hexdigest()
    return out


if __name__ == "__main__":
    sys.exit(main())

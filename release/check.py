"""Try a wheel as a stranger would: in a fresh environment with nothing but the core, then look whether other Pythons could install it.

    python release/check.py --wheel dist/foedus-0.1.0-py3-none-any.whl

Installs the wheel from the package index with pip, measures what came, runs `foedus brief --in middle-east-2019` as a user types it, then one call of
every command (`tests/core_only.py`) without data: each must work, or say in one message which data or which extra it needs. With ``--data FOLDER``
the quick ones run on real data too. Then pip is asked whether every pinned package of every extra has wheels for other versions of Python; that says
that they can be installed, not that foedus runs there. Exit 1 where anything fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import core_only  # noqa: E402

BRIEF = "brief --in middle-east-2019"
SIZES = """
import json
from importlib import metadata
found = {}
for d in metadata.distributions():
    found[d.metadata["Name"]] = sum((f.size or 0) for f in d.files or [])
print(json.dumps(found))
"""


def main(arguments: list[str] | None = None) -> int:
    """Run all of it; exit 1 where anything fails."""
    parser = argparse.ArgumentParser(description="Install a wheel of foedus with its core only and run every command.")
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument(
        "--data", type=Path, help="folder with the published data, to run the quick commands on them too"
    )
    parser.add_argument(
        "--pythons", default="3.12,3.13", help="versions of Python for which pip looks for wheels, or an empty text"
    )
    given = parser.parse_args(arguments)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="foedus-check-") as folder:
        place = Path(folder)
        python = environment(place / "venv")
        pip(python, "install", "-c", str(ROOT / "constraints.txt"), str(given.wheel.resolve()))
        _say_sizes(python)
        wrong += _typed(python, place)
        wrong += _calls(python, place / "empty", None)
        if given.data:
            wrong += _calls(python, place / "with data", given.data.resolve())
        for version in filter(None, given.pythons.split(",")):
            wrong += resolves(given.wheel, version, place)
    print(
        "\n".join(["", "Not as it should be:", *wrong])
        if wrong
        else "\nAll of it works with the core alone, or says what it needs."
    )
    return int(bool(wrong))


def environment(folder: Path) -> Path:
    """Return the Python of a new environment; where Python came without ensurepip, this one's pip serves it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def pip(python: Path, *arguments: str) -> None:
    """Run this interpreter's pip for another one."""
    command = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--no-input", "-q"]
    subprocess.run([*command, *arguments], check=True)


def _clean(folder: Path, data: Path | None) -> dict[str, str]:
    """Return surroundings in which nothing of this environment is seen."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "FOEDUS", "VIRTUAL_ENV"))}
    own = {"HOME": str(folder), "FOEDUS_DATA": str(data or folder), "FOEDUS_CACHE": str(folder / "cache")}
    return {**kept, **own, "COLUMNS": "100"}


def _say_sizes(python: Path) -> None:
    """Print what was installed, the largest first, in megabytes of files."""
    done = subprocess.run([str(python), "-c", SIZES], capture_output=True, text=True, check=True)
    sizes = json.loads(done.stdout)
    print(f"{len(sizes)} packages, {sum(sizes.values()) / 1e6:.0f} MB")
    for name, size in sorted(sizes.items(), key=lambda kv: -kv[1]):
        print(f"  {size / 1e6:7.1f} MB  {name}")


def _typed(python: Path, place: Path) -> list[str]:
    """Run the brief as a user types it and print it; return what is wrong."""
    folder = place / "home"
    folder.mkdir()
    command = [str(python.parent / "foedus"), *BRIEF.split()]
    print(f"\n$ foedus {BRIEF}")
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=_clean(folder, None))
    print(done.stdout)
    page = folder / "foedus-brief-middle-east-2019.html"
    if (
        done.returncode
        or "Traceback" in done.stderr
        or not page.exists()
        or "<svg" not in page.read_text(encoding="utf-8")
    ):
        return [f"foedus {BRIEF}: exit {done.returncode}\n{done.stderr}"]
    return []


def _calls(python: Path, folder: Path, data: Path | None) -> list[str]:
    """Run one call of every command; return what is wrong."""
    folder.mkdir()
    left_out = core_only.SLOW_WITH_DATA if data else set()
    lines = [
        line
        for line, _ in core_only.CALLS
        if line.split()[0] not in left_out and not (data and line.startswith("data "))
    ]
    command = [str(python), str(ROOT / "tests" / "core_only.py"), "--nothing-hidden"]
    done = subprocess.run(
        command,
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=_clean(folder, data),
    )
    if done.returncode:
        return [f"{' '.join(command)}: {done.stderr[-2000:]}"]
    ran, wrong = json.loads(done.stdout)["calls"], []
    print(f"One call of each command, {'with' if data else 'without'} data:")
    for line, extra in core_only.CALLS:
        if line in ran:
            did = ran[line]
            fault = core_only.fault(line, extra, did)
            last = next((x for x in did["err"].splitlines() if x and not x.startswith("where")), "")
            print(
                f"  {did['code']} {did['seconds']:6.1f} s  foedus {line}{f'   {last[:110]}' if did['code'] else ''}{'   WRONG' if fault else ''}"
            )
            wrong += [f"foedus {line}: {fault}"] if fault else []
    return wrong


def resolves(wheel: Path, version: str, place: Path) -> list[str]:
    """Return what pip lacks to install a wheel with all extras, by the pins and from wheels only, for another version of Python."""
    command = [
        sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q", "--dry-run", "--ignore-installed",
        "--only-binary=:all:", "--python-version", version, "--target", str(place / version), "-c", str(ROOT / "constraints.txt"),
        "--report", "-", f"foedus[all] @ {wheel.resolve().as_uri()}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"Python {version}: {done.stderr.strip()[-1500:]}"]
    count = len(json.loads(done.stdout)["install"])
    print(
        f"Python {version}: {count} packages, all pinned, all as wheels (installable; docs/how-to/release.md says what was run there)"
    )
    return []


if __name__ == "__main__":
    sys.exit(main())

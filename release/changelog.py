"""Gather the fragments of changelog.d under a version in CHANGELOG.md, and bring the version and CITATION.cff in step.

    python release/changelog.py 0.2.0 2026-12-01            # write; delete the fragments
    python release/changelog.py 0.2.0 2026-12-01 --draft    # only print the section

A fragment is named ``<issue>.<kind>.md`` or ``<issue>.<part>.<kind>.md`` (changelog.d/README.md). Within a kind they stand by issue, then by part.
Refuses a version that is not newer, a fragment of an unknown kind or without a bullet, and a version that CHANGELOG.md has already; then nothing is
written. Commits nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KINDS = {
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
    "data": "Data",
    "numbers": "Numbers that change",
}
"""Kinds of changes in the order in which they stand, with their headings."""

NAME = re.compile(r"(?P<issue>\d+)\.(?:(?P<part>[\w-]+)\.)?(?P<kind>\w+)\.md")
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
HEAD = """# Changelog

What users can notice, by version. Versions follow [semantic versioning](https://semver.org): before 1.0 a minor version may change what exists.
"""


class ChangelogError(Exception):
    """Why nothing was written."""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Gather, or print what would be gathered."""
    parser = argparse.ArgumentParser(description="Gather changelog.d under a version.")
    parser.add_argument("version")
    parser.add_argument("date")
    parser.add_argument("--draft", action="store_true", help="only print the section")
    given = parser.parse_args(arguments)
    try:
        text = section(root / "changelog.d", given.version, given.date)
        if given.draft:
            print(text, end="")
        else:
            release(root, given.version, given.date, text)
    except ChangelogError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def fragments(folder: Path) -> list[tuple[str, int, str, Path]]:
    """Return kind, issue, part and path of each fragment, in the order in which they stand in the changelog."""
    found, wrong = [], []
    for path in sorted(folder.glob("*")):
        if path.name == "README.md":
            continue
        match = NAME.fullmatch(path.name)
        if match is None or match["kind"] not in KINDS:
            wrong.append(
                f"{path.name}: expected <issue>.<kind>.md or <issue>.<part>.<kind>.md, kind one of {', '.join(KINDS)}"
            )
        elif not re.match(r"- \S", path.read_text(encoding="utf-8")):
            wrong.append(f"{path.name}: expected bullets, '- ' and what a user can now do")
        else:
            found.append((match["kind"], int(match["issue"]), match["part"] or "", path))
    if wrong:
        raise ChangelogError("\n".join(["Fragments that cannot be gathered:", *wrong]))
    order = list(KINDS)
    return sorted(found, key=lambda f: (order.index(f[0]), f[1], f[2]))


def section(folder: Path, version: str, date: str) -> str:
    """Return the section of a version.

    Raises
    ------
    ChangelogError
        No fragment, one that cannot be gathered, or a version or day in another form.
    """
    if not VERSION.fullmatch(version):
        raise ChangelogError(f"The version {version!r}: expected three numbers, such as 0.2.0")
    try:
        dt.date.fromisoformat(date)
    except ValueError as error:
        raise ChangelogError(f"The day {date!r}: expected a date such as 2026-12-01") from error
    parts = fragments(folder)
    if not parts:
        raise ChangelogError("There is no fragment in changelog.d: nothing to release.")
    out = [f"## {version} ({date})\n"]
    for kind, heading in KINDS.items():
        bullets = [path.read_text(encoding="utf-8").strip() for k, _, _, path in parts if k == kind]
        if bullets:
            out.append(f"### {heading}\n\n" + "\n".join(bullets) + "\n")
    return "\n".join(out)


def release(root: Path, version: str, date: str, text: str) -> None:
    """Write the section, the version and the day, and delete the fragments; refuses before it writes anything."""
    package, citation, log = root / "src" / "foedus" / "__init__.py", root / "CITATION.cff", root / "CHANGELOG.md"
    code, cited = package.read_text(encoding="utf-8"), citation.read_text(encoding="utf-8")
    before = log.read_text(encoding="utf-8") if log.exists() else HEAD
    versions = re.findall(r'^__version__ = "(.+)"$', code, re.MULTILINE)
    if len(versions) != 1:
        raise ChangelogError(f"{package.name} must hold one line with __version__; it has {len(versions)}")
    if re.search(rf"^## {re.escape(version)} ", before, re.MULTILINE):
        raise ChangelogError(f"CHANGELOG.md has {version} already")
    first = not re.search(r"^## ", before, re.MULTILINE)
    now = tuple(map(int, versions[0].split(".")))
    then = tuple(map(int, version.split(".")))
    if then < now or (then == now and not first):
        raise ChangelogError(f"The version {version} is not newer than {versions[0]}")
    head, mark, rest = before.partition("\n## ")
    log.write_text(f"{head.rstrip()}\n\n{text.rstrip()}\n" + (f"\n## {rest}" if mark else ""), encoding="utf-8")
    package.write_text(code.replace(f'__version__ = "{versions[0]}"', f'__version__ = "{version}"'), encoding="utf-8")
    cited = re.sub(r"^version: .*$", f"version: {version}", cited, flags=re.MULTILINE)
    cited = re.sub(r"^date-released: .*$", f"date-released: {date}", cited, flags=re.MULTILINE)
    citation.write_text(cited, encoding="utf-8")
    for _, _, _, path in fragments(root / "changelog.d"):
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())

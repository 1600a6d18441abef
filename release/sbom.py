"""The bill of materials of a release: what the wheel needs, what is in the studio's page and what built it, as one CycloneDX 1.6 JSON file.

    python release/sbom.py --wheel dist/foedus-0.1.0-py3-none-any.whl [--out dist/foedus-0.1.0.cdx.json]

Versions are the pins of constraints.txt, licences what the installed packages declare (`release.licences`), checksums those of the files that
pip would take from the package index for this system and Python (`pip install --dry-run --report`: metadata is looked up, nothing is installed).
Checksums of npm packages are those of web/package-lock.json. The same commit, system and Python give the same bytes: the time is the commit's, the
serial number is made from the content.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import platform
import subprocess
import sys
import uuid
import zipfile
from datetime import UTC, datetime
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from release import licences  # noqa: E402
from release.build import ReleaseError  # noqa: E402

ALGORITHMS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
"""Names of checksums as CycloneDX writes them."""


def main(arguments: list[str] | None = None) -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Write the bill of materials of a wheel of foedus.")
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    version = given.wheel.name.split("-")[1]
    out = given.out or given.wheel.parent / f"foedus-{version}.cdx.json"
    try:
        text = written(bom(given.wheel, report(given.wheel), commit_time()))
    except (ReleaseError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    out.write_text(text, encoding="utf-8")
    print(f"{hashlib.sha256(text.encode()).hexdigest()}  {out.name}")
    return 0


def report(wheel: Path) -> dict[str, Any]:
    """Return pip's report of what it would install for a wheel with all extras, by the pins.

    Raises
    ------
    ReleaseError
        pip cannot resolve it.
    """
    command = [
        sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "--dry-run", "--ignore-installed",
        "--only-binary=:all:", "-c", str(ROOT / "constraints.txt"), "--report", "-", f"foedus[all] @ {wheel.resolve().as_uri()}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"pip cannot resolve the wheel:\n{done.stderr}")
    return json.loads(done.stdout)


def commit_time() -> datetime:
    """Return the time of the last commit."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ReleaseError(f"The time is that of a git commit: {done.stderr.strip()}")
    return datetime.fromtimestamp(int(done.stdout), UTC)


def written(content: dict[str, Any]) -> str:
    """Return the file's text; its serial number follows from the rest."""
    text = json.dumps(content, sort_keys=True)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(text.encode()).hexdigest())
    return (
        json.dumps({**content, "serialNumber": f"urn:uuid:{serial}"}, indent=1, sort_keys=True, ensure_ascii=False)
        + "\n"
    )


def bom(wheel: Path, found: dict[str, Any], time: datetime) -> dict[str, Any]:
    """Return the bill of materials without its serial number.

    Parameters
    ----------
    wheel : Path
    found : dict
        pip's report.
    time : datetime
        Of the release.
    """
    about = _metadata(wheel)
    version = about["Version"]
    this = f"pkg:pypi/foedus@{version}"
    declared = {p.name: p for p in licences.installed(work=False)}
    python = [
        _of_python(entry, declared)
        for entry in found["install"]
        if canonicalize_name(entry["metadata"]["name"]) != "foedus"
    ]
    npm = [_of_npm(part, entry) for part, entry in _locked()]
    names = {c["name"]: c["bom-ref"] for c in python}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "library", "bom-ref": this, "name": "foedus", "version": version, "purl": this, "description": about["Summary"],
                "licenses": [{"expression": about["License-Expression"]}],
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}],
            },
            "properties": [
                {"name": "foedus:python", "value": f"{sys.version_info.major}.{sys.version_info.minor}"},
                {"name": "foedus:system", "value": f"{platform.system()} {platform.machine()}"},
            ],
        },
        "components": sorted(python + npm, key=lambda c: c["bom-ref"]),
        "dependencies": _dependencies(this, about, found, names, [c["bom-ref"] for c in npm if c["scope"] == "required"]),
    }  # fmt: skip


def _metadata(wheel: Path) -> Any:
    """Return the metadata of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return HeaderParser().parsestr(archive.read(name).decode())


def _of_python(entry: dict[str, Any], declared: dict[str, licences.Part]) -> dict[str, Any]:
    """Return the component of a package that pip would install.

    Raises
    ------
    ReleaseError
        Another version is installed, so that its licence was not read.
    """
    name, version = canonicalize_name(entry["metadata"]["name"]), entry["metadata"]["version"]
    part = declared.get(name)
    if part is None or part.version != version:
        got = "nothing" if part is None else part.version
        raise ReleaseError(
            f"pip would take {name} {version}, and {got} is installed: install foedus[all] with -c constraints.txt first"
        )
    purl = f"pkg:pypi/{name}@{version}"
    asked = part.asked
    return {
        "type": "library", "bom-ref": purl, "purl": purl, "name": name, "version": version, "scope": "optional" if asked else "required",
        "licenses": [{"expression": part.licence}],
        "hashes": [
            {"alg": ALGORITHMS[k], "content": v} for k, v in sorted(entry["download_info"].get("archive_info", {}).get("hashes", {}).items())
        ],
        "properties": [{"name": "foedus:extra", "value": e} for e in asked] or [{"name": "foedus:part", "value": "core"}],
    }  # fmt: skip


def _locked() -> list[tuple[licences.Part, dict[str, Any]]]:
    """Return the npm packages of the lock file, each once, with their entries."""
    lock = json.loads(licences.LOCK.read_text(encoding="utf-8"))["packages"]
    entries = {(path.rpartition("node_modules/")[2], e["version"]): e for path, e in lock.items() if path}
    parts = {(p.name, p.version): p for p in licences.locked()}
    return [(parts[key], entries[key]) for key in sorted(parts)]


def _of_npm(part: licences.Part, entry: dict[str, Any]) -> dict[str, Any]:
    """Return the component of an npm package: required if its code is in the page, else excluded, as it only built the page."""
    purl = f"pkg:npm/{quote(part.name, safe='/')}@{part.version}"
    algorithm, _, digest = entry["integrity"].partition("-")
    place = "the studio's page" if part.asked else "builds or checks the studio's page; no code of it is in the wheel"
    return {
        "type": "library", "bom-ref": purl, "purl": purl, "name": part.name, "version": part.version,
        "scope": "required" if part.asked else "excluded", "licenses": [{"expression": part.licence}],
        "hashes": [{"alg": ALGORITHMS[algorithm], "content": base64.b64decode(digest).hex()}],
        "properties": [{"name": "foedus:part", "value": place}],
    }  # fmt: skip


def _dependencies(
    this: str, about: Any, found: dict[str, Any], refs: dict[str, str], page: list[str]
) -> list[dict[str, Any]]:
    """Return who needs whom, as far as it is installed; foedus needs what it asks for and what is in its page."""
    wanted = {this: about.get_all("Requires-Dist") or []}
    for entry in found["install"]:
        name = canonicalize_name(entry["metadata"]["name"])
        if name in refs:
            wanted[refs[name]] = entry["metadata"].get("requires_dist") or []
    edges = {}
    for ref, requirements in wanted.items():
        names = set()
        for text in requirements:
            requirement = Requirement(text)
            extras = licences.project() if ref == this else [""]
            if requirement.marker is None or any(
                requirement.marker.evaluate({"extra": e}) for e in extras if e not in licences.WORK
            ):
                names.add(canonicalize_name(requirement.name))
        edges[ref] = sorted({refs[n] for n in names if n in refs} | (set(page) if ref == this else set()))
    return [{"ref": ref, "dependsOn": to} for ref, to in sorted(edges.items())]


if __name__ == "__main__":
    sys.exit(main())

"""What a release is made of: the build, its files, the changelog, the version everywhere, the bill of materials."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path, PurePosixPath

import jsonschema
import pytest
from referencing import Registry, Resource
from release import build, changelog, licences, sbom

import foedus
from foedus.cli import main as foedus_command

ROOT = Path(__file__).parents[2]


# --- the version ---


def test_one_version_everywhere(capsys):
    with pytest.raises(SystemExit):
        foedus_command(["--version"])
    assert capsys.readouterr().out.strip() == foedus.__version__
    assert changelog.VERSION.fullmatch(foedus.__version__)
    assert re.search(
        rf"^version: {re.escape(foedus.__version__)}$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE
    )


def test_the_citation_says_what_the_project_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"license: {project['license']}\n" in cited
    assert f'- name: "{project["authors"][0]["name"]}"\n' in cited
    assert re.findall(r"^  - (.+)$", cited.partition("keywords:")[2], re.MULTILINE) == project["keywords"]
    released = re.search(r"^date-released: (.+)$", cited, re.MULTILINE)
    assert released
    assert datetime.fromisoformat(released[1])


def test_the_pythons_that_are_claimed_are_those_that_were_run():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    claimed = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    page = (ROOT / "docs" / "how-to" / "release.md").read_text("utf-8")
    said = dict(re.findall(r"^\| (3\.\d+) \| (\w+)", page.partition("## Versions of Python")[2], re.MULTILINE))
    assert claimed == [v for v, how in said.items() if how == "run"]
    assert project["requires-python"] == f">={min(claimed, key=lambda v: int(v.partition('.')[2]))}"


# --- the changelog ---


@pytest.fixture
def tree(tmp_path):
    """Return a small project with a version, a citation and three fragments."""
    (tmp_path / "src" / "foedus").mkdir(parents=True)
    (tmp_path / "src" / "foedus" / "__init__.py").write_text('"""X."""\n\n__version__ = "0.1.0"\n', "utf-8")
    (tmp_path / "CITATION.cff").write_text("title: x\nversion: 0.1.0\ndate-released: 2026-11-22\nlicense: x\n", "utf-8")
    (tmp_path / "changelog.d").mkdir()
    for name, text in {
        "10.added.md": "- Ten.\n",
        "2.b.added.md": "- Two b.\n",
        "2.a.fixed.md": "- A fault.\n",
        "README.md": "no fragment",
    }.items():
        (tmp_path / "changelog.d" / name).write_text(text, "utf-8")
    return tmp_path


def files(folder):
    """Return every file of a folder with its text."""
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


def test_fragments_are_gathered_by_kind_and_issue_and_everything_is_brought_in_step(tree):
    assert changelog.main(["0.2.0", "2026-12-01"], tree) == 0
    found = files(tree)
    assert found["CHANGELOG.md"].endswith(
        "## 0.2.0 (2026-12-01)\n\n### Added\n\n- Two b.\n- Ten.\n\n### Fixed\n\n- A fault.\n"
    )
    assert '__version__ = "0.2.0"' in found["src/foedus/__init__.py"]
    assert found["CITATION.cff"] == "title: x\nversion: 0.2.0\ndate-released: 2026-12-01\nlicense: x\n"
    assert [n for n in found if n.startswith("changelog.d")] == ["changelog.d/README.md"]
    (tree / "changelog.d" / "3.data.md").write_text("- New data.\n", "utf-8")
    assert changelog.main(["0.3.0", "2027-01-01"], tree) == 0
    headings = re.findall(r"^## (.+)$", files(tree)["CHANGELOG.md"], re.MULTILINE)
    assert headings == ["0.3.0 (2027-01-01)", "0.2.0 (2026-12-01)"], "the newest stands first"


def test_the_first_release_may_keep_the_version_it_has(tree):
    assert changelog.main(["0.1.0", "2026-12-01"], tree) == 0
    (tree / "changelog.d" / "3.data.md").write_text("- New data.\n", "utf-8")
    assert changelog.main(["0.1.0", "2026-12-02"], tree) == 1


@pytest.mark.parametrize(("arguments", "name", "text", "says"), [
    (["0.0.9", "2026-12-01"], None, "", "not newer than 0.1.0"),
    (["1.0", "2026-12-01"], None, "", "three numbers"),
    (["0.2.0", "today"], None, "", "a date such as"),
    (["0.2.0", "2026-12-01"], "4.sundry.md", "- x\n", "4.sundry.md: expected"),
    (["0.2.0", "2026-12-01"], "4.added.md", "no bullet\n", "4.added.md: expected bullets"),
    (["0.2.0", "2026-12-01"], "notes.txt", "x", "notes.txt: expected"),
])  # fmt: skip
def test_what_cannot_be_released_is_refused_whole(tree, capsys, arguments, name, text, says):
    if name:
        (tree / "changelog.d" / name).write_text(text, "utf-8")
    before = files(tree)
    assert changelog.main(arguments, tree) == 1
    assert says in capsys.readouterr().err
    assert files(tree) == before


def test_no_fragment_is_no_release(tree, capsys):
    for path in (tree / "changelog.d").glob("*.*.md"):
        path.unlink()
    assert changelog.main(["0.2.0", "2026-12-01"], tree) == 1
    assert "nothing to release" in capsys.readouterr().err


def test_the_fragments_that_are_there_can_be_gathered(capsys):
    if [p for p in (ROOT / "changelog.d").glob("*.md") if p.name != "README.md"]:
        assert changelog.main(["999.0.0", "2026-12-01", "--draft"]) == 0
        assert capsys.readouterr().out.startswith("## 999.0.0 (2026-12-01)\n\n### Added\n\n- ")


# --- the build ---


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a small project of the same backend, committed."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    folder = tmp_path_factory.mktemp("project")
    (folder / "foedus").mkdir()
    (folder / "foedus" / "__init__.py").write_text('__version__ = "1.0.0"\n', "utf-8")
    (folder / "constraints.txt").write_text((ROOT / "constraints.txt").read_text("utf-8"), "utf-8")
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    (folder / "pyproject.toml").write_text(
        f'[build-system]\nrequires = {table["requires"]}\nbuild-backend = "{table["build-backend"]}"\n'
        '[project]\nname = "foedus"\nversion = "1.0.0"\nrequires-python = ">=3.11"\n[tool.hatch.build.targets.wheel]\npackages = ["foedus"]\n', "utf-8"
    )  # fmt: skip
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "x", "--date", "2026-01-01T00:00:00Z"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True, capture_output=True)
    return folder


def test_two_builds_and_the_build_of_the_sdist_are_the_same_bytes(project, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "ROOT", project)
    assert build.main(["--out", str(tmp_path)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "SHA256SUMS",
        "foedus-1.0.0-py3-none-any.whl",
        "foedus-1.0.0.tar.gz",
    ]
    assert capsys.readouterr().out == (tmp_path / "SHA256SUMS").read_text("ascii")


def test_a_build_that_depends_on_its_surroundings_is_refused_by_name(project, tmp_path, monkeypatch, capsys):
    (tmp_path / "p").mkdir()
    subprocess.run(["git", "clone", "-q", str(project), str(tmp_path / "p" / "q")], check=True, capture_output=True)
    place = tmp_path / "p" / "q"
    hook = "import os\nfrom hatchling.builders.hooks.plugin.interface import BuildHookInterface\nclass Zone(BuildHookInterface):\n    def initialize(self, version, data):\n        open('foedus/zone.py', 'w').write(repr(os.environ['TZ']))\n"
    (place / "hatch_build.py").write_text(hook, "utf-8")
    with (place / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("[tool.hatch.build.hooks.custom]\n")
    subprocess.run(["git", "-C", str(place), "add", "-A"], check=True)
    subprocess.run(
        ["git", "-C", str(place), "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "y"],
        check=True,
    )
    monkeypatch.setattr(build, "ROOT", place)
    assert build.main(["--out", str(tmp_path / "out")]) == 1
    assert "zone.py" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_another_backend_than_the_pinned_one_is_refused(project, tmp_path):
    (tmp_path / "constraints.txt").write_text(
        (project / "constraints.txt").read_text("utf-8").replace("pluggy==", "pluggy==999."), "utf-8"
    )
    with pytest.raises(build.ReleaseError, match=r"pluggy: .+ is installed, 999\..+ is pinned"):
        build.build(tmp_path)


def test_a_release_needs_a_commit(tmp_path):
    (tmp_path / "constraints.txt").write_text((ROOT / "constraints.txt").read_text("utf-8"), "utf-8")
    with pytest.raises(build.ReleaseError, match="built from a git commit"):
        build.build(tmp_path)


def test_files_that_differ_are_named():
    def packed(text):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.py", text)
        return {"x.whl": out.getvalue()}

    with pytest.raises(build.ReleaseError, match=r"Both differ in x\.whl: a\.py"):
        build._equal(packed("1"), packed("2"), "Both")
    with pytest.raises(build.ReleaseError, match="other names"):
        build._equal(packed("1"), {"y.whl": b""}, "Both")


# --- the sdist ---


@pytest.fixture(scope="module")
def sdist(tmp_path_factory) -> set[str]:
    """Return the names of the files in a fresh sdist, without its first folder."""
    folder = tmp_path_factory.mktemp("sdist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        return {m.name.partition("/")[2] for m in archive if m.isfile()}


def test_the_sdist_holds_what_is_in_the_repository_and_its_own_metadata_only(sdist):
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {n for n in done.stdout.split("\0") if n and (ROOT / n).is_file()}
    assert sdist - ours == {"PKG-INFO"}
    assert {n for n in ours - sdist if not n.startswith(".")} == set(), "the tests of an unpacked sdist need it"


def test_the_sdist_holds_no_data_and_no_junk(sdist):
    junk = {".dta", ".parquet", ".rda", ".rds", ".sav", ".xz", ".pyc", ".nbi", ".nbc", ".map"}
    assert [
        n for n in sdist if PurePosixPath(n).suffix.casefold() in junk or "node_modules" in n or "__pycache__" in n
    ] == []


# --- the bill of materials ---


@pytest.fixture(scope="module")
def materials(tmp_path_factory):
    """Return a bill of materials of a small wheel whose report names two packages that are installed here."""
    wheel = tmp_path_factory.mktemp("bom") / "foedus-0.1.0-py3-none-any.whl"
    needs = "Requires-Dist: numpy>=2\nRequires-Dist: networkx>=3.4; extra == 'export'\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(
            "foedus-0.1.0.dist-info/METADATA",
            f"Name: foedus\nVersion: 0.1.0\nSummary: X\nLicense-Expression: Apache-2.0\n{needs}\n",
        )
    versions = {p.name: p.version for p in licences.installed(work=False)}
    found = {"install": [
        {"metadata": {"name": n, "version": versions[n], "requires_dist": r}, "download_info": {"archive_info": {"hashes": {"sha256": c * 64}}}}
        for n, r, c in (("numpy", None, "a"), ("networkx", ["numpy>=1; extra == 'default'"], "b"))
    ] + [{"metadata": {"name": "foedus", "version": "0.1.0"}, "download_info": {}}]}  # fmt: skip
    return wheel, found, sbom.bom(wheel, found, datetime(2026, 12, 1, tzinfo=UTC))


def test_the_bill_of_materials_is_valid(materials):
    folder = resources.files("cyclonedx.schema") / "_res"
    texts = {
        n: json.loads((folder / n).read_text("utf-8"))
        for n in ("bom-1.6.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
    }
    registry = Registry().with_resources([(t["$id"], Resource.from_contents(t)) for t in texts.values()])
    checker = jsonschema.Draft7Validator(
        texts["bom-1.6.SNAPSHOT.schema.json"], registry=registry, format_checker=jsonschema.FormatChecker()
    )
    content = json.loads(sbom.written(materials[2]))
    assert [f"{list(e.absolute_path)}: {e.message[:200]}" for e in checker.iter_errors(content)] == []
    broken = {**content, "components": [{"name": "x"}]}
    assert list(checker.iter_errors(broken)), "the schema refuses what it should"
    refs = [content["metadata"]["component"]["bom-ref"], *(c["bom-ref"] for c in content["components"])]
    assert len(refs) == len(set(refs))
    assert {d["ref"] for d in content["dependencies"]} | {
        r for d in content["dependencies"] for r in d["dependsOn"]
    } <= set(refs)


def test_every_component_has_its_licence_checksum_and_place(materials):
    by_name = {c["name"]: c for c in materials[2]["components"]}
    assert (by_name["numpy"]["scope"], by_name["networkx"]["scope"]) == ("required", "optional")
    assert by_name["networkx"]["properties"] == [{"name": "foedus:extra", "value": "export"}]
    assert by_name["numpy"]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert (by_name["svelte"]["scope"], by_name["vite"]["scope"]) == ("required", "excluded")
    assert {
        c["name"] for c in materials[2]["components"] if c["purl"].startswith("pkg:npm/") and c["scope"] == "required"
    } == {p.name for p in licences.in_page()}
    for component in materials[2]["components"]:
        assert component["licenses"][0]["expression"]
        assert all(re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{128}", h["content"]) for h in component["hashes"])
        assert component["hashes"]
    needs = {d["ref"]: d["dependsOn"] for d in materials[2]["dependencies"]}
    assert {by_name[n]["purl"] for n in ("numpy", "networkx", "svelte")} <= set(needs["pkg:pypi/foedus@0.1.0"])
    assert needs[by_name["networkx"]["purl"]] == []


def test_the_same_release_has_the_same_bill_and_another_has_another_serial_number(materials):
    wheel, found, first = materials
    again = sbom.bom(wheel, {"install": found["install"][::-1]}, datetime(2026, 12, 1, tzinfo=UTC))
    assert sbom.written(again) == sbom.written(first)
    later = sbom.bom(wheel, found, datetime(2026, 12, 2, tzinfo=UTC))
    assert json.loads(sbom.written(later))["serialNumber"] != json.loads(sbom.written(first))["serialNumber"]


def test_a_version_that_is_not_installed_is_refused_as_its_licence_was_not_read(materials):
    wheel, found, _ = materials
    other = {"install": [{**found["install"][0], "metadata": {"name": "numpy", "version": "1.0"}}]}
    with pytest.raises(build.ReleaseError, match=r"pip would take numpy 1\.0, and .+ is installed"):
        sbom.bom(wheel, other, datetime(2026, 12, 1, tzinfo=UTC))

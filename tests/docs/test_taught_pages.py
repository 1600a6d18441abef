"""Pages that teach run as a reader runs them: from top to bottom, in one folder, and say what was printed.

Of the five-minute start, the tutorials and the gallery:

- blocks ```` ```console ```` (each line ``$ foedus ...``) and ```` ```python ```` run one after the other, files of one are there for the next;
- a block ```` ```text ```` after one of them is what it printed (``...`` stands for what is left out, white space does not count);
- a number in the prose, that is a percentage, a decimal, an interval or an integer in **bold**, was printed above it on the page, or stands in a
  block or in inline code; a page that quotes what is not printed says so with ``<!-- quoted: 1.2, 3.4 -->``;
- an SVG that the page shows from ``pictures/`` is written by the page, and looks as the one kept (`FOEDUS_UPDATE_GOLDENS=1` keeps it anew).

``<!-- not run: REASON -->`` before a block leaves it out; ``<!-- needs the data sets -->`` runs it where `FOEDUS_REALDATA` is set, and the page is
skipped saying so elsewhere, after all else of it was run.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path

import pytest

from pictures import UPDATE, likeness, small
from taught import TAUGHT, parts, relative, said, typed

FAILS = "$ foedus"
DATA = "<!-- needs the data sets -->"


def run(kind: str, code: str, names: dict[str, object], where: str) -> str:
    """Run one block and return what it printed."""
    if kind == "console":
        lines = [line for line in code.replace("\\\n", " ").splitlines() if line.strip()]
        assert all(line.startswith(FAILS) for line in lines), f"{where}: only lines of `{FAILS} ...`"
        return "\n".join(typed(line) for line in lines)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, where, "exec"), names)
    return out.getvalue()


def flat(text: str) -> str:
    """Return a text without frames of tables and white space of layout."""
    return " ".join(re.sub(r"[│┃┏┓┗┛━┳┻╇┡┩├┤┼┬┴─└┘┌┐═╞╡╪┆]", " ", text).split())


def holds(shown: str, printed: str) -> str | None:
    """Return the first piece of a shown text that was not printed, in order."""
    at, whole = 0, flat(printed)
    for piece in shown.split("..."):
        found = whole.find(flat(piece), at)
        if found < 0:
            return piece.strip()
        at = found + len(flat(piece))
    return None


@pytest.mark.parametrize("page", TAUGHT, ids=relative)
def test_a_page_does_and_says_what_it_shows(page, tmp_path, monkeypatch):
    real = os.environ.get("FOEDUS_REALDATA", "")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")  # rows of tables on one line each
    if real:
        monkeypatch.setenv("FOEDUS_DATA", real)
    names: dict[str, object] = {"__name__": "__page__"}
    above, last = "", ""
    left_out: list[int] = []
    wrong: list[str] = []
    for part in parts(page):
        where = f"{relative(page)}:{part.line}"
        if part.kind == "prose":
            missing = [n for n in said(part.text) if n not in flat(above).replace("\u00a0", " ")]
            wrong += [f"{where}: not printed above: {n}" for n in missing if not left_out]
        elif part.kind == "text" and not part.skipped:
            piece = None if left_out else holds(part.text, last)
            wrong += [f"{where}: not printed: {piece}\n--- printed:\n{last}"] if piece is not None else []
        elif part.kind in {"console", "python"} and not part.skipped:
            if part.before == DATA and not real:
                left_out.append(part.line)
                continue
            if left_out:  # may hang on what was left out
                continue
            last = run(part.kind, part.text, names, where)
            above += "\n" + part.text + "\n" + last
        else:
            above += "\n" + part.text
    assert wrong == [], "\n".join(wrong)
    pictures(page, tmp_path, complete=not left_out)
    if left_out:
        pytest.skip(
            f"from line {left_out[0]} on {relative(page)} needs the published data sets: FOEDUS_REALDATA is unset"
        )


def pictures(page: Path, made: Path, *, complete: bool) -> None:
    """Compare what a page drew with what it shows."""
    import vl_convert

    shown = re.findall(r"!\[[^\]]+\]\((pictures/[\w.-]+\.svg)\)", page.read_text("utf-8"))
    for name in shown:
        kept, new = page.parent / name, made / Path(name).name
        if not new.exists():
            assert not complete, f"{relative(page)} shows {name} and does not draw it"
            continue
        if UPDATE:
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(new.read_bytes())
        if kept.read_bytes() != new.read_bytes():
            ours, theirs = (small(vl_convert.svg_to_png(p.read_text("utf-8"), scale=2)) for p in (new, kept))
            like = likeness(ours, theirs)
            assert like.alike, f"{name}: {like}"


def test_numbers_in_prose_are_found():
    assert said("It is 12 % [3.3, 23], not 0.5 or 1,234.5; **9** of 10 in 1914, ADR 0032.") == [
        "12 % [3.3, 23]", "0.5", "1,234.5", "9",
    ]  # fmt: skip
    assert said("−0.31 [−0.69, 0.00] points <!-- quoted: 4.5 --> or 4.5; `7.7` in code, 90 % intervals") == [
        "−0.31 [−0.69, 0.00]",
    ]


def test_a_wrong_output_is_noticed():
    printed = "┃ alone ┃ with all ┃\n│ 1.1 % [0.1, 3.6] │ 12 % [3.3, 23] │"
    assert holds("alone  with all\n...\n12 % [3.3,\n 23]", printed) is None
    assert holds("12 % ... alone", printed) == "alone"
    assert holds("13 %", printed) == "13 %"


def test_pictures_that_teach_stay_small():
    docs = Path(__file__).parents[2] / "docs"
    kept = [p for folder in ("tutorials", "gallery") for p in (docs / folder / "pictures").glob("*")]
    shown = " ".join(p.read_text("utf-8") for p in TAUGHT)
    assert [p.name for p in kept if f"pictures/{p.name})" not in shown] == []
    assert sum(p.stat().st_size for p in kept) <= 1_500_000

"""The bibliography, and the pages of files that stand outside of ``docs``."""

from __future__ import annotations

import os
import re
from pathlib import Path

from reference_pages.markdown import page

ROOT = Path(__file__).parents[2]
OUTSIDE = {"DATA_LICENSES.md": "data-licences.md", "CONTRIBUTING.md": "contributing.md"}
"""Files beside ``docs`` that the site holds too, by the page that is made of each."""
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]+)\]\((?!\w+:|#)(?P<path>[^)#\s]+)(?P<place>#[^)\s]*)?\)")


def led(text: str, folder: Path, page_folder: Path) -> str:
    """Return Markdown whose links lead from a page of the site to where they led from a folder.

    A link to a file that the site does not hold becomes its text.

    Parameters
    ----------
    text : str
    folder : Path
        Where the text's file stands.
    page_folder : Path
        Where the page stands, in ``docs``.
    """

    def new(match: re.Match[str]) -> str:
        target = (folder / match["path"]).resolve()
        beside = target.relative_to(ROOT).as_posix() if target.is_relative_to(ROOT) else ""
        if beside in OUTSIDE:
            target = ROOT / "docs" / "generated" / OUTSIDE[beside]
        elif not target.is_relative_to(ROOT / "docs") or target.suffix == ".bib" or target.is_dir():
            return match["text"]
        way = Path(os.path.relpath(target, page_folder)).as_posix()
        return f"[{match['text']}]({way}{match['place'] or ''})"

    return _LINK.sub(new, text)


def pages() -> dict[str, str]:
    """Return the pages by path."""
    made = {
        name: led((ROOT / beside).read_text(encoding="utf-8"), (ROOT / beside).parent, ROOT / "docs" / "generated")
        for beside, name in OUTSIDE.items()
        if (ROOT / beside).is_file()
    }
    about = "Works that docstrings cite, from `docs/references.bib`. Where a work could not be read, the docstring that cites it says so."
    made["bibliography.md"] = page("Bibliography", about, "", "```{bibliography}", ":all:", "```")
    return made

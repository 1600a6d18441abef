"""Pages of the reference that are made from foedus itself each time the site is built.

Each module makes the pages of one kind from the one place in the code where their facts stand. `write` puts them under
``docs/generated``, which is not committed, and leaves a page alone that has not changed. Knows nothing of Sphinx: the tests read the
same text without it.
"""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[1]
FOLDER = DOCS / "generated"


def pages() -> dict[str, str]:
    """Return the text of every made page by its path below ``docs/generated``."""
    from reference_pages import api, cards, columns, commands, errors, parameters, scenario_fields, settings, works

    made: dict[str, str] = {}
    for part in (api, cards, columns, commands, errors, parameters, scenario_fields, settings, works):
        made |= part.pages()
    return made


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the pages that changed, remove those that are made no more, and return all paths."""
    made = {folder / name: text for name, text in pages().items()}
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for old in [p for p in folder.rglob("*") if p.is_file() and p not in made]:
        old.unlink()
    return list(made)

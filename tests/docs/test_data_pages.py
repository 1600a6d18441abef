"""The page of each data set is what its declaration makes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_pages_are_what_the_declarations_make():
    spec = importlib.util.spec_from_file_location("data_pages", DOCS / "data_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.pages()
    there = {p.name: p.read_text(encoding="utf-8") for p in (DOCS / "reference" / "data").glob("*.md")}
    hint = "run: python docs/data_pages.py"
    assert sorted(made) == sorted(there), hint
    assert [name for name, text in made.items() if there[name] != text] == [], hint

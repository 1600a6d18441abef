"""Sphinx's settings: `make docs` builds the site into ``build/docs``, without a network.

The sources are the Markdown pages of this folder, which a forge shows as they are, and the pages of the reference that are made from the
code at each build (`reference_pages`). Formulas become MathML, so that no page needs a script or a font of others.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

import reference_pages  # noqa: E402
from reference_pages import api, landing, works  # noqa: E402

import foedus  # noqa: E402

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

project = "foedus"
author = "The foedus developers"
copyright = author
version = release = foedus.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",  # comes with Sphinx; numpydoc would be one more package for the same sections
    "sphinx_design",
    "sphinxcontrib.bibtex",
]
exclude_patterns = ["reference_pages", "_static"]
nitpicky = True
smartquotes = False  # two hyphens begin an option
# Docstrings name types in words ("int8 array, shape (n, n)"); what names an object of foedus must exist.
nitpick_ignore_regex = [(r"py:.*", r"(?!foedus\.).*")]

myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 4
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
autodoc_typehints = "none"  # docstrings tell them, with shapes and units
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_custom_sections = [
    ("Attributes", "params_style")
]  # a list; entries of their own would make links of every word
napoleon_preprocess_types = False

bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "label"
bibtex_default_style = "foedus"

html_theme = "pydata_sphinx_theme"
html_title = f"foedus {version}"
html_static_path = ["_static"]
html_css_files = ["foedus.css"]
html_context = {"default_mode": "auto"}
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "foedus"},
    "show_prev_next": False,
    "show_nav_level": 1,
    "navigation_depth": 2,
    "collapse_navigation": True,
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "back_to_top_button": False,
}
pygments_style = "default"

_CITED = re.compile(r"\[([A-Za-z]+\d{4}[a-z]?)\]_")
_CLASS = re.compile(r"(?<![*:`\w])\*([A-Z]\w+)\*(?!\*)")
_SINGLE = re.compile(r"(?<![`:\w\\])`([^`<>\n]+)`(?![`_])")


def _whole(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Keep napoleon from reading what comes before a colon in a property's docstring as its type."""
    del app, name, obj, options
    if what in {"attribute", "data", "property"} and lines:
        lines[0] = lines[0].replace(": ", " — ")


@cache
def _short() -> dict[str, str]:
    """Return the whole names of classes in the reference by their last part, where it is one class's only."""
    names = sorted(api.documented())
    last = [n.rpartition(".")[2] for n in names]
    return {one: full for one, full in zip(last, names, strict=True) if last.count(one) == 1 and one[0].isupper()}


def _links(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Turn a docstring's [Key]_ into a citation, and `name` into a link where the reference has an entry of that name, else into code."""
    del app, what, obj, options
    known = api.documented()
    short = _short()

    def link(match: re.Match[str]) -> str:
        text = match[1]
        for full in (text, f"foedus.{text}"):
            if full in known and full not in {"foedus.system", name}:
                return f":py:obj:`{text} <{full}>`"
        return f"``{text}``"

    code = False
    for k, line in enumerate(lines):
        code = line.lstrip().startswith(">>>") or (code and line.strip() != "")
        if not code:
            lines[k] = _CITED.sub(r":cite:p:`\1`", _SINGLE.sub(link, line))
        if lines[k].startswith((":returns:", ":Returns:", ":Yields:")) or (k and lines[k - 1].startswith(":returns:")):
            lines[k] = _CLASS.sub(lambda m: f":py:obj:`{m[1]} <{short[m[1]]}>`" if m[1] in short else m[0], lines[k])


def _ours(app: Sphinx, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Leave out what a class has from a library."""
    del app, what, skip, options
    return (
        True
        if name.endswith("_request") or not (getattr(obj, "__module__", None) or "foedus").startswith("foedus")
        else None
    )


def _inside(app: Sphinx, docname: str, content: list[str]) -> None:
    """Lead links out of this folder to where the site holds the file."""
    if "generated" not in docname and (DOCS / f"{docname}.md").is_file():
        folder = (DOCS / docname).parent
        content[0] = landing.site(works.led(content[0], folder, folder), docname)


def _mathml(translator: Any, node: nodes.Element, *, block: bool) -> None:
    """Write a formula as MathML, by docutils."""
    from docutils import nodes
    from docutils.utils.math import latex2mathml

    made = latex2mathml.tex2mathml(node.astext(), as_block=block)
    translator.body.append(f'<div class="math">{made}</div>' if block else made)
    raise nodes.SkipNode


def _styles() -> None:
    """Let works be labelled by the keys that docstrings use."""
    from pybtex.plugin import register_plugin
    from pybtex.style.formatting.unsrt import Style as Unsorted
    from pybtex.style.labels import BaseLabelStyle

    class Keys(BaseLabelStyle):
        def format_labels(self, sorted_entries: Any) -> Any:
            return (entry.key for entry in sorted_entries)

    class Style(Unsorted):
        default_label_style = "foedus"
        default_sorting_style = "author_year_title"

    register_plugin("pybtex.style.labels", "foedus", Keys)
    register_plugin("pybtex.style.formatting", "foedus", Style)


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the reference, and tell Sphinx of formulas and links."""
    _styles()
    app.connect("builder-inited", lambda _: reference_pages.write() and None)
    app.connect("autodoc-process-docstring", _whole, priority=400)
    app.connect("autodoc-process-docstring", _links)
    app.connect("autodoc-skip-member", _ours)
    app.connect("source-read", _inside)
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(lambda t, n: _mathml(t, n, block=False), None),
        block_renderers=(lambda t, n: _mathml(t, n, block=True), None),
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}


html_math_renderer = "mathml"

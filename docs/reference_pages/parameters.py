"""One page per model with every parameter: value or interval, status, source, note; from ``src/foedus/params/*.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference_pages.markdown import cell, code, page, table

if TYPE_CHECKING:
    from foedus.params import Param, Params

SHOWN = 200
"""Characters of a list beside the parameters above which its size is told instead."""


def value(p: Param) -> str:
    """Return a point or an interval in six significant digits."""
    return f"{p.low:.6g}" if p.low == p.high else f"[{p.low:.6g}, {p.high:.6g}]"


def _extra(item: Any) -> str:
    """Return what else a file says, a long list by its size."""
    text = str(item)
    return text if len(text) <= SHOWN or not isinstance(item, list) else f"{len(item)} entries, in the file"


def _page(p: Params) -> str:
    """Return the page of one model."""
    about = {k.removeprefix("meta."): v for k, v in p.extra.items() if k.startswith("meta.")}
    counts = ", ".join(f"{n} {status}" for status, n in p.statuses().items())
    rows = [(code(q.name), value(q), q.status, cell(q.source), cell(q.note)) for q in p.table.values()]
    beside = [(code(k), cell(_extra(v))) for k, v in p.extra.items() if not k.startswith("meta.")]
    lines = [
        f"`src/foedus/{p.origin}`: {counts}. In Python: `foedus.params.load(\"{p.model}\")`.", "",
        *table(("about the file", ""), [(cell(k), cell(", ".join(v) if isinstance(v, list) else v)) for k, v in about.items()]),
        "## Parameters", "", *table(("name", "value or interval", "status", "source", "note"), rows),
    ]  # fmt: skip
    if beside:
        lines += ["## Also in the file", "", *table(("key", "value"), beside)]
    return page(f"Parameters: {p.model}", *lines)


def pages() -> dict[str, str]:
    """Return the pages by path."""
    from foedus import params

    models = {name: params.load(name) for name in params.names()}
    rows = []
    for name, p in models.items():
        counts = p.statuses()
        rows.append((f"[{name}]({name}.md)", *(str(counts.get(s, 0)) for s in ("published", "fitted", "assumed"))))
    index = page(
        "Parameters and where they come from",
        "Every number that a model takes and no scenario states: **published** in a work that is named, **fitted** by foedus to data that "
        "are named, or **assumed**, a range that we set and let draws run through. Read from the files that the models read.",
        "",
        *table(("model", "published", "fitted", "assumed"), rows),
        "```{toctree}", ":hidden:", "", *models, "```", "",
    )  # fmt: skip
    return {"parameters/index.md": index} | {f"parameters/{name}.md": _page(p) for name, p in models.items()}

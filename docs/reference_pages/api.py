"""Pages of the API: one per public name, with the records that it returns, and one per room with all its public functions.

The pages only say which objects stand where; Sphinx takes signatures and docstrings from the objects themselves.
"""

from __future__ import annotations

from functools import cache

from reference_pages import sources
from reference_pages.markdown import cell, page, table

Object = tuple[str, str]
"""Module and name."""

GROUPS = {
    "Systems and scenarios": ("foedus.system", "foedus.scenario", "foedus.data"),
    "Panels and models": ("foedus.panel", "foedus.estimate"),
    "Power and obligations": ("foedus.power", "foedus.obligations"),
    "Blocs and signed networks": ("foedus.blocs",),
    "Security": ("foedus.security",),
    "Formation": ("foedus.formation",),
    "Studies": ("foedus.studies",),
    "Export and studio": ("foedus.report", "foedus.studio"),
    "Errors": ("foedus.errors",),
}
VERBS = "foedus.system.verbs"
"""The methods of a system that call other rooms."""


def home(name: str) -> str:
    """Return the module in which a public name is imported from."""
    import foedus

    return "foedus.system.real" if name == "system" else foedus._HOME[name]


@cache
def public() -> dict[str, Object]:
    """Return each public name with the module and name under which its code stands."""
    import foedus

    found = {}
    for name in foedus.__all__:
        where = sources.module(home(name))
        while where is not None and name not in where.functions and name not in where.classes:
            where = sources.module(where.imported[name])
        assert where is not None, name
        found[name] = (where.name, name)
    return found


def _node(what: Object):  # noqa: ANN202
    """Return the code of an object."""
    where = sources.module(what[0])
    assert where is not None
    return where.functions.get(what[1]) or where.classes[what[1]], where


@cache
def records() -> dict[str, tuple[Object, ...]]:
    """Return for each public name the classes that are told on its page: what it returns, what these hold; each class on one page only.

    Classes that are public names have pages of their own. Those that a system's verbs return and nothing else does are on the page of
    `System`.
    """
    own = set(public().values())
    taken: set[Object] = set()
    found: dict[str, list[Object]] = {name: [] for name in public()}
    fronts = {name: [what] for name, what in public().items()}
    verbs = sources.module(VERBS)
    assert verbs is not None
    fronts["System"] += [(VERBS, n) for n in verbs.functions]
    while any(fronts.values()):
        for name, front in fronts.items():
            after = []
            for what in front:
                for one in sources.results_of(*_node(what)):
                    if one not in taken and one not in own and not one[0].startswith(sources.SKIPPED):
                        taken.add(one)
                        found[name].append(one)
                        after.append(one)
            fronts[name] = after
    return {name: tuple(classes) for name, classes in found.items()}


def documented() -> set[str]:
    """Return the dotted names of everything that has an entry in the API."""
    from_records = {f"{m}.{n}" for classes in records().values() for m, n in classes}
    return {f"foedus.{name}" for name in public()} | from_records


def _page(name: str) -> str:
    """Return the page of one public name, in reStructuredText."""
    module, _ = public()[name]
    node, _ = _node(public()[name])
    title = f"foedus.{name}"
    if name == "system":  # a room that can be called
        entry = [".. autofunction:: foedus.system.real.system", ""]
    elif hasattr(node, "returns"):
        entry = [f".. autofunction:: foedus.{name}", ""]
    else:
        entry = [f".. autoclass:: foedus.{name}", "   :members:", ""]
    lines = [title, "=" * len(title), "", f"In ``{module}``.", "", *entry]
    if records()[name]:
        lines += ["What it returns and holds", "-" * 25, ""]
        for where, one in records()[name]:
            lines += [f".. autoclass:: {where}.{one}", "   :members:", ""]
    return "\n".join(lines)


def _groups() -> dict[str, list[str]]:
    """Return the public names by group."""
    return {
        title: [n for n in public() if home(n).startswith(rooms) or (n == "system" and "foedus.system" in rooms)]
        for title, rooms in GROUPS.items()
    }


def _index() -> str:
    """Return the page of all public names."""
    lines = [
        "`import foedus as fd`; each name is imported when it is first used. A system's own methods are under "
        "[System](System.rst). Every analysis returns a frozen record: its page tells its fields and methods, and "
        "[tables and their columns](../columns/index.md) what `.table()` holds.",
        "",
    ]
    for title, names in _groups().items():
        rows = [(f"[`{n}`]({n}.rst)", cell(sources.first_line(_node(public()[n])[0]))) for n in names]
        lines += [f"## {title}", "", *table(("name", "what it does"), rows)]
    rooms = [(f"[`{r}`](rooms/{r}.md)", cell(_about(r))) for r in _rooms()]
    lines += [
        "## Rooms",
        "",
        "Functions that are not public names: they are documented and tested, and may change from version to version.",
        "",
    ]
    lines += table(("room", "what it holds"), rooms)
    lines += ["```{toctree}", ":hidden:", "", *public(), *(f"rooms/{r}" for r in _rooms()), "```", ""]
    return page("Python API", *lines)


def _rooms() -> dict[str, list[sources.Module]]:
    """Return the modules of each room."""
    found: dict[str, list[sources.Module]] = {}
    for m in sources.modules():
        parts = m.name.split(".")
        if len(parts) > 1:
            found.setdefault(parts[1], []).append(m)
    return found


def _about(room: str) -> str:
    """Return the first sentence of a room."""
    found = sources.module(f"foedus.{room}")
    return found.summary if found else ""


def _room(name: str, modules: list[sources.Module]) -> str:
    """Return the page of a room: each public function and class with its first line."""
    told = documented()
    lines = [cell(_about(name)), ""]
    for m in modules:
        rows = []
        for kind in (m.functions, m.classes):
            for one, node in kind.items():
                full = f"{m.name}.{one}"
                short = f"foedus.{one}" if public().get(one) == (m.name, one) else full
                role = f"{{py:obj}}`{one} <{short}>`" if short in told and one != "system" else f"`{one}`"
                rows.append((role, cell(sources.first_line(node))))
        if rows:
            lines += [f"## {m.name}", "", cell(m.summary), "", *table(("name", "what it does"), rows)]
    return page(f"Room: {name}", *lines)


def pages() -> dict[str, str]:
    """Return the pages by path."""
    made = {"api/index.md": _index()}
    made |= {f"api/{name}.rst": _page(name) for name in public()}
    return made | {f"api/rooms/{name}.md": _room(name, found) for name, found in _rooms().items()}

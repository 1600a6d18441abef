"""The reference that is made from the code tells every command, option, column, error, setting, parameter, field and public name."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from reference_pages import (
    api,
    columns,
    commands,
    errors,
    landing,
    parameters,
    scenario_fields,
    settings,
    sources,
    works,
)
from reference_pages import pages as made_pages

import foedus

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Return every made page."""
    return made_pages()


# ---- commands ------------------------------------------------------------------------------------------------------------------


def parsed(name: str) -> set[str]:
    """Return the options that a command's parser takes, found by asking it rather than through the page's own way."""
    from foedus.cli import build

    app = build()
    for part in name.split():
        app = app[part]
    return {
        n
        for a in app.assemble_argument_collection(parse_docstring=False)
        if a.show
        for n in a.names
        if n.startswith("--")
    }


def test_every_command_of_the_lists_has_a_page(made):
    from foedus import cli

    below = {"scenario": cli.SCENARIO_COMMANDS, "crisis": cli.CRISIS_COMMANDS, "data": cli.DATA_COMMANDS}
    names = [*cli.COMMANDS, *(f"{head} {n}" for head, tail in below.items() for n in tail)]
    assert sorted(names) == sorted(c.name for c in commands.commands())
    assert [n for n in names if f"commands/{commands.slug(n)}.md" not in made] == []


def test_every_option_of_a_command_is_on_its_page_with_a_meaning(made):
    missing, mute = [], []
    for c in commands.commands():
        page = made[f"commands/{commands.slug(c.name)}.md"]
        told = {n for o in c.options for n in o.names}
        missing += [
            f"{c.name} {n}" for n in parsed(c.name) if f"`{n}`" not in page and n.removeprefix("--").upper() not in told
        ]
        mute += [f"{c.name} {o.names[0]}" for o in c.options if not o.text.strip()]
    assert missing == []
    assert mute == [], "say in the command's docstring what these are"


def test_exit_codes_of_their_own_are_told():
    """Commands whose code names the exit code itself, beside the ones that every command shares."""
    from foedus.cli import COMMANDS, DATA_COMMANDS, SCENARIO_COMMANDS

    found = set()
    for path in (Path(foedus.__file__).parent / "cli").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for f in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
            exits = [n for n in ast.walk(f) if isinstance(n, ast.Call) and ast.unparse(n.func) == "sys.exit"]
            own = {x.value for n in exits for x in ast.walk(n) if isinstance(x, ast.Constant)} - {0, 130}
            head = {"data": "data ", "scenarios": "scenario "}.get(path.stem, "")
            if own and f.name in {*COMMANDS, *DATA_COMMANDS, *SCENARIO_COMMANDS}:
                found |= {(f"{head}{f.name}", code) for code in own}
    assert found == {(name, code) for name, codes in commands.ALSO.items() for code in codes}


# ---- columns -------------------------------------------------------------------------------------------------------------------


def test_every_method_that_gives_a_table_has_its_columns_told():
    given = {n.removeprefix("foedus.") for n in sources.frame_methods()}
    assert given - set(columns.declared()) == set(), "tell their columns in src/foedus/schema/results.csv"
    assert set(columns.declared()) - given == set(), "these give no table any more"


def test_every_line_of_a_column_is_whole():
    lines = [c for one in columns.declared().values() for c in one]
    assert [
        c for c in lines if c.type not in columns.KINDS or not c.meaning or c.interval not in {"", "90 %", "95 %"}
    ] == []
    assert [
        c
        for c in lines
        if c.type in {"number", "integer"} and c.interval and not c.unit and c.column not in {"product", "per_bound"}
    ] == []


def test_every_column_is_on_a_page(made):
    for name, lines in columns.declared().items():
        page = made[f"columns/{name.partition('.')[0]}.md"]
        section = page.partition(f"\n## {name.partition('.')[2]}()\n")[2].partition("\n## ")[0]
        assert [n for c in lines for n in c.names if f"`{n}`" not in section] == []


def test_an_untold_column_or_another_type_is_a_fault():
    import polars as pl

    good = pl.DataFrame({"node": ["a"], "group": [1]})
    assert columns.faults("blocs.blockmodel.Blockmodel.table", good) == []
    assert (
        "no line for column 'extra'"
        in columns.faults("blocs.blockmodel.Blockmodel.table", good.with_columns(extra=1))[0]
    )
    assert (
        "declared integer"
        in columns.faults("blocs.blockmodel.Blockmodel.table", good.with_columns(group=pl.lit("x")))[0]
    )


def exact(name: str, frame) -> None:
    """Assert that a table has the columns that are told of it: all, and no other."""
    assert columns.faults(name, frame) == []
    assert [n for c in columns.declared()[name] for n in c.names if "*" not in n and n not in frame.columns] == []


def test_tables_of_a_bundled_system_have_exactly_these_columns():
    s = foedus.load("europe-1914")
    blocs = s.blocs(draws=20)
    exact("blocs.result.Blocs.table", blocs.table())
    exact("blocs.result.Blocs.pairs", blocs.pairs())
    exact("blocs.result.Blocs.fuzzy", blocs.fuzzy())
    exact("blocs.why.Why.table", blocs.why("ITA").table())
    exact("obligations.bound.Bound.table", s.bound("RUS", "AUH").table())
    war = s.war("AUH", "SER", draws=50)
    exact("war.result.War.table", war.table())
    exact("war.result.War.by_days", war.by_days())
    exact("scenario.timeline.Timeline.table", foedus.timeline(foedus.load_scenario("europe-1872-1914")).table())
    graph = foedus.signed_graph([("a", "b", 1), ("b", "c", -1), ("a", "c", 1)])
    exact("blocs.graph.SignedGraph.table", graph.table())
    exact("blocs.balance.BalanceReport.table", foedus.balance(graph).table())
    exact("blocs.balance.BalanceReport.nodes", foedus.balance(graph).nodes())


# ---- errors, settings, parameters, fields --------------------------------------------------------------------------------------


def test_every_error_is_told_with_its_exit_code(made):
    page = made["errors.md"]
    for c in errors.classes():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{c.__name__}` |")]
        assert f"| {c.exit_code} |" in row
        assert row.split("|")[2].strip()


def test_every_variable_that_the_code_reads_is_told(made):
    assert settings.read_by_code() == set(settings.VARIABLES)
    assert [n for n in (*settings.VARIABLES, *settings.OF_TESTS) if f"`{n}`" not in made["settings.md"]] == []


def test_every_parameter_is_told_with_value_and_status(made):
    from foedus import params

    for model in params.names():
        page = made[f"parameters/{model}.md"]
        for p in params.load(model).table.values():
            (row,) = [line for line in page.splitlines() if line.startswith(f"| `{p.name}` |")]
            assert f"| {parameters.value(p)} | {p.status} |" in row
            if p.status != "assumed":
                about = params.load(model).extra
                assert p.source or about.get("meta.source") or about.get("meta.note"), (
                    f"{model}.{p.name} is {p.status} and names no source"
                )


def test_every_field_of_a_scenario_is_told(made):
    page = made["scenario-fields.md"]
    for name, node in scenario_fields.tables().items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert [k for k in node.get("properties", {}) if f"| `{k}` |" not in section] == []


# ---- public names --------------------------------------------------------------------------------------------------------------


def sections(text: str) -> set[str]:
    """Return the headings of a docstring."""
    return set(re.findall(r"^([A-Z][A-Za-z ]+)\n-{3,}$", text, re.MULTILINE))


@pytest.mark.parametrize("name", foedus.__all__)
def test_a_public_name_says_what_it_needs(name):
    thing = getattr(foedus, name)
    if name == "system":
        from foedus.system.real import system as thing
    doc = inspect.getdoc(thing) or ""
    assert doc.partition("\n")[0].strip().endswith((".", ":")), "a first line that is a sentence"
    if inspect.isclass(thing):
        return
    arguments = [
        n for n, p in inspect.signature(thing).parameters.items() if p.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    if arguments:
        assert "Parameters" in sections(doc)
        told = set(
            re.findall(
                r"\*{0,2}(\w+)", " ".join(re.findall(r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: :.*)?$", doc, re.MULTILINE))
            )
        )
        assert [a for a in arguments if a not in told] == []
    assert {"Returns", "Yields"} & sections(doc) or doc.startswith(
        ("Return ", "Yield ", "Add ", "Keep ", "Serve ", "Write ")
    ), "what it gives back"


def test_every_public_name_and_record_is_in_the_reference(made):
    assert [n for n in foedus.__all__ if f"api/{n}.rst" not in made] == []
    told = "\n".join(text for path, text in made.items() if path.startswith("api/") and path.endswith(".rst"))
    for name in api.documented() - {"foedus.system"}:
        assert re.search(rf"^\.\. auto(function|class):: {re.escape(name)}$", told, re.MULTILINE), name
    for classes in api.records().values():
        assert [c for c in classes if told.count(f".. autoclass:: {'.'.join(c)}\n") != 1] == []


def test_every_room_and_its_functions_are_in_the_reference(made):
    for m in sources.modules():
        parts = m.name.split(".")
        if len(parts) > 1:
            page = made[f"api/rooms/{parts[1]}.md"]
            assert [f for f in (*m.functions, *m.classes) if f"`{f}`" not in page and f"`{f} <" not in page] == []


# ---- pages and links -----------------------------------------------------------------------------------------------------------

LINK = re.compile(r"\]\((?!\w+:|#|/)([^)#\s]+)(?:#[^)]*)?\)")


def test_links_of_made_pages_lead_to_pages(made):
    generated = DOCS / "generated"
    known = {(generated / p).resolve() for p in made}
    dead = []
    for path, text in made.items():
        for target in LINK.findall(re.sub(r"`[^`]*`", "", text)) if path.endswith(".md") else []:
            to = ((generated / path).parent / target).resolve()
            if to not in known and not to.is_file():
                dead.append(f"{path}: {target}")
    assert dead == []


def test_a_page_of_the_site_leads_where_the_file_led():
    text = "[data](../DATA_LICENSES.md), [code](../src/foedus/errors.py), [page](index.md#x), [web](https://example.org), ![p](p.png)"
    said = works.led(text, DOCS, DOCS)
    assert (
        said == "[data](generated/data-licences.md), code, [page](index.md#x), [web](https://example.org), ![p](p.png)"
    )


def test_comments_become_cards_and_menus(tmp_path):
    site = landing.site((DOCS / "index.md").read_text(encoding="utf-8"), "index")
    assert "<!-- cards -->" not in site
    assert site.count(":::{grid-item-card}") >= 15
    assert ":link: concepts/blocs" in site
    menu = site.partition("```{toctree}")[2]
    assert all(f"\n{name}/index" in menu for name in ("how-to", "concepts", "reference", "decisions"))
    assert ":caption: Blocs" in landing.site(
        (DOCS / "concepts" / "index.md").read_text(encoding="utf-8"), "concepts/index"
    )
    reference = landing.site((DOCS / "reference" / "index.md").read_text(encoding="utf-8"), "reference/index")
    assert all(f"](../generated/{name}.md)" in reference for name in landing.MADE)


def test_text_of_a_cell_is_no_markup():
    from reference_pages.markdown import cell

    assert cell("a|b `x|y` *c* <d>\ne") == r"a\|b `x\|y` \*c\* \<d\> e"


def test_the_bibliography_parses():
    """Every entry ends before the next begins, and no key comes twice."""
    text = (DOCS / "references.bib").read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=@)", text)[1:]
    assert [e.partition(",")[0] for e in entries if e.count("{") != e.count("}")] == []
    keys = re.findall(r"(?m)^@\w+\{([^,]+),", text)
    assert sorted(keys) == sorted(set(keys))

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from foedus.report import print_brief
from foedus.report.brief import ORDER, sections


def printed(findings, width, **options):
    out = io.StringIO()
    print_brief(findings, Console(file=out, width=width, **options))
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 110, 160, 240])
def test_fits_and_holds_every_section(findings, width):
    text = printed(findings, width)
    assert max(cell_len(line) for line in text.splitlines()) <= min(width, 160)
    for number in range(1, len(ORDER) + 1):
        assert f"\n{number}  " in text
    for line in ("Austria-Hungary", "Dual Alliance", "not settled", "SHA-256", "seed 1", "assumed"):
        assert line in text


def test_wider_terminals_show_more_columns(findings):
    assert "Holds if" not in printed(findings, 80)
    assert "Holds if" in printed(findings, 160)


@pytest.mark.parametrize("terminal", [False, True])
def test_markup_in_names_is_inert(hostile, texts, terminal):
    text = printed(hostile, 160, force_terminal=terminal, color_system="truecolor" if terminal else None)
    assert "[bold red]" in text
    assert ":smile:" in text
    assert texts["script"] in text
    assert "\x1b]8" not in text
    assert "\x1b[1;31m" not in text


def test_says_how_many_rows_are_elsewhere(findings):
    table = next(b for s in sections(findings) for b in s.blocks if getattr(b, "id", "") == "sources")
    assert f"… and {len(table.rows) - table.top} more in sources.csv" in printed(findings, 120)


def test_every_section_says_whether_it_is_observed_derived_or_simulated(findings):
    for section in sections(findings):
        assert section.standing.split(":")[0].split()[0] in {"observed", "derived", "simulated"}


def test_a_system_without_ties_is_printed(bare):
    text = printed(bare, 80)
    assert "no blocs" in text
    assert "No change was asked for." in text
    assert "No pledge in force" in text


def test_sections_are_built_once_and_go_with_the_findings(findings):
    assert sections(findings) is sections(findings)

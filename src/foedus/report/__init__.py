"""Level 11: briefs, tables, figures and pages. Formats results and computes nothing."""

from foedus.report.brief import sections
from foedus.report.export import write_brief, write_tables
from foedus.report.html import write_html
from foedus.report.terminal import print_brief

__all__ = ["print_brief", "sections", "write_brief", "write_html", "write_tables"]

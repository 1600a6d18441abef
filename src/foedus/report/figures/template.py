"""SVG through jinja templates with autoescape, for drawings that no chart grammar makes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from foedus.report.figures import palette
from foedus.report.figures.vega import opening
from foedus.terminal import visible

if TYPE_CHECKING:
    import jinja2

    from foedus.report.model import Figure


@cache
def environment() -> jinja2.Environment:
    """Return the templates of the report room, everything escaped, what cannot be seen shown, every missing name an error."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("foedus.report"),
        autoescape=True,
        finalize=lambda said: visible(said) if type(said) is str else said,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, figure: Figure, *, width: float, height: float, **content: Any) -> str:
    """Return a drawing with its title and description."""
    from markupsafe import Markup

    head = Markup(opening(figure, f"0 0 {width:.0f} {height:.0f}"))
    return (
        environment()
        .get_template(name)
        .render(head=head, key=figure.id, p=palette, width=width, height=height, **content)
    )

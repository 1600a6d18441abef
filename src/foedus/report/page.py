"""What every page of ours shares: the style sheet with its colours, and the policy that forbids the rest."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources


def asset(name: str) -> str:
    """Return the text of a file beside the templates."""
    return (resources.files("foedus.report") / "templates" / name).read_text(encoding="utf-8").strip()


def style_sheet() -> str:
    """Return the style sheet with its colours: light, dark by system or by the button, light in print."""
    from foedus.report.figures.palette import declarations

    light, dark = declarations(0), f"color-scheme:dark;{declarations(1)}"
    return (
        f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{{dark}}}}}\n{asset('brief.css')}"
    )


def policy(css: str, js: str = "") -> str:
    """Return the content security policy: our one style and our one script, if there is one, by their hashes, nothing else."""

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    script = f"'sha256-{digest(js)}'" if js else "'none'"
    return f"default-src 'none'; style-src 'sha256-{digest(css)}'; script-src {script}; base-uri 'none'; form-action 'none'"

"""Where numbers come from, in words: the source lines under tables and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foedus.studies.brief import Findings


def scenario(f: Findings) -> str:
    """Return the source line of what the scenario states."""
    return f"system {f.system.id}, its sources in section 8"


def models(f: Findings, *chosen: str) -> str:
    """Return the source line of what models derive or simulate."""
    parts = []
    for model in chosen:
        counts = f.parameters.get(model, {})
        told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items(), key=lambda kv: -kv[1]))
        parts.append(f"{model} ({told or 'no'} parameters)")
    return f"{scenario(f)}; model{'s' if len(parts) > 1 else ''} {', '.join(parts)}"

"""Model cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.estimate.card import Against, ModelCard
from fuzz.contract import held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    card = held(ModelCard.from_toml, text)
    if card is not None:
        card.to_markdown()
        card.to_toml()


def seeds() -> Iterator[bytes]:
    line = Against("base rate", "average precision", "held out", True, 0.1, -0.02, 0.2)
    card = ModelCard(
        "joining", "join ~ ally", "by war", ("stay", "join"), 100, 7, 1816, 1913, {"atop": "5.1"}, against=(line,)
    )
    text = card.to_toml()
    yield text.encode()
    for old, new in (
        ("100", '"x"'),
        ("100", "1e400"),
        ('["stay", "join"]', "1"),
        ("0.1", '"a"'),
        ("1816", "[]"),
        ("[[against]]", "[against]"),
    ):
        yield text.replace(old, new, 1).encode()
    yield b"classes = []\n"

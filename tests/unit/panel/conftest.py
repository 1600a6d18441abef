"""A store of made-up tables for the panel's tests."""

from __future__ import annotations

import pytest

from foedus.data.sources import SOURCES


class Made:
    """Stands for a DataDir: a few rows per table."""

    def __init__(self, **frames):
        self.frames = frames

    def table(self, name):
        return self.frames[name]

    def provenance(self, name):
        from foedus.data.store import Provenance

        spec = SOURCES[name].spec
        return Provenance(spec, None, spec.sha256, recognised=True, version=spec.version, last_year=spec.last_year)


@pytest.fixture
def made(monkeypatch):
    """Let panel functions take a `Made` for a folder."""

    def use(**frames):
        from foedus.data import store

        monkeypatch.setattr(store.DataDir, "of", classmethod(lambda _, x: x))
        return Made(**frames)

    return use

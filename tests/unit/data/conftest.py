"""A server of made-up data sets, for tests that fetch."""

from __future__ import annotations

import pytest

from foedus.data import store
from unit.data.misbehaving import Server, install


@pytest.fixture
def server(monkeypatch):
    """Serve the made-up data sets in place of their publishers, past whatever proxy is named."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    one = Server()
    install(one.url, monkeypatch.setattr)
    store._table.cache_clear()
    yield one
    one.close()

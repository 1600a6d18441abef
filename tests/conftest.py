"""Fixtures that every room's tests may use: the folder of published data, a cache of parsed tables that is not the user's, and no network."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import offline
import pytest

from tables_told import watch

watch()

# A machine that is busy makes an example slow, not wrong.
hypothesis.settings.register_profile("foedus", deadline=None)
hypothesis.settings.load_profile("foedus")


@pytest.fixture(scope="session")
def realdata_dir() -> Path:
    """Return the folder that FOEDUS_REALDATA names; without it the test is skipped, on CI it fails."""
    named = os.environ.get("FOEDUS_REALDATA")
    if named and Path(named).is_dir():
        return Path(named)
    reason = f"needs the published data sets: FOEDUS_REALDATA is {'unset' if not named else f'no folder: {named}'}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory):
    """Keep parsed tables in a folder of this session, which its processes share."""
    base = tmp_path_factory.getbasetemp()
    cache = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "foedus-cache"
    cache.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(cache))
        yield


@pytest.fixture(scope="session", autouse=True)
def _held(tmp_path_factory: pytest.TempPathFactory):
    """Hold the tests of this process, and every Python that they start, to this machine."""
    offline.hold(tmp_path_factory.getbasetemp() / "tried-to-leave.txt")
    yield
    _nothing_left()


@pytest.fixture(autouse=True)
def _no_network(_held):
    """Fail the test that asks another machine for something, even where its code swallows the refusal."""
    yield
    _nothing_left()


def _nothing_left() -> None:
    """Fail if something was tried since the last look."""
    found = offline.tried()
    if found:
        pytest.fail("asked another machine: " + "; ".join(found), pytrace=False)

"""Whatever is sent to the addresses that the API describes: a reply that it describes too, and no fault of the server."""

import dataclasses

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from foedus.studio.app import create_app
from foedus.studio.pool import _guarded, _opened
from foedus.studio.settings import Settings

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


HERE = {"host": "127.0.0.1:8765"}


class Here:
    """Answers in this process, so that a fault in a question is a fault here; a question's own error is one of the replies."""

    def __init__(self, folder):
        self.folder = folder

    async def call(self, function, *given):
        return _opened(_guarded(function, *given))

    async def ask(self, name, asked, *, stamp=""):
        from foedus.studio.pool import _answered

        return await self.call(_answered, name, asked, self.folder, None)

    def close(self):
        """End nothing."""


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """Return the description of a studio whose runs only wait."""
    folder = tmp_path_factory.mktemp("studio")
    patch = pytest.MonkeyPatch()
    patch.setenv("FOEDUS_DATA", str(folder / "no-data"))
    app = create_app(Settings(folder=folder, workers=1, queued=5))
    inner = app.app
    inner.state.runs.settings = dataclasses.replace(inner.state.settings, workers=0)
    inner.state.pool = Here(inner.state.settings.scenarios)
    for made in (inner.state.settings.scenarios, inner.state.settings.runs):
        made.mkdir(parents=True, exist_ok=True)
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HERE)
    patch.undo()


def test_no_reply_is_a_fault_or_undescribed(api):
    """Each operation gets its own run of Hypothesis; the failures of all are told together."""
    bounded = settings(
        max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    failed, seen = [], 0
    for found in api.get_all_operations():
        operation = found.ok()
        seen += 1

        @bounded
        @given(case=operation.as_strategy())
        def tried(case):
            case.call_and_validate(checks=CHECKS, headers=HERE)

        try:
            tried()
        except Exception as error:
            failed.append(f"{operation.label}: {error}")
    assert seen > 20
    assert not failed, "\n\n".join(failed)


def test_the_description_lists_every_address():
    paths = create_app(Settings()).app.openapi()["paths"]
    assert {"/api/about", "/api/ask/{name}", "/api/runs/{name}/events", "/api/export", "/api/scenarios/{name}"} <= set(
        paths
    )
    for operations in paths.values():
        for operation in operations.values():
            assert {"400", "403", "404", "413", "415", "421", "422", "429", "503"} <= set(operation["responses"])

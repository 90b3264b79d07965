"""A LocalStack that answers is a target; the developer's credentials do not reach it."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from terraform_harness.targets.errors import TargetGoneError
from terraform_harness.targets.localstack import answers, clients_to, reached_target

NOWHERE = "http://127.0.0.1:1"


class Handler(BaseHTTPRequestHandler):
    """Answers with the pages of its server."""

    server: "Pages"

    def do_GET(self) -> None:
        status, content = self.server.pages.get(self.path, (404, b"{}"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class Pages(HTTPServer):
    """Serves pages by their path."""

    pages: dict[str, tuple[int, bytes]]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def localstack() -> Iterator[Pages]:
    """A server with LocalStack's pages."""
    with Pages(("127.0.0.1", 0), Handler) as server:
        server.pages = {
            "/_localstack/health": (200, b'{"services": {}}'),
            "/_localstack/info": (200, json.dumps({"session_id": "s-1"}).encode()),
        }
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "content", "answered"),
    [(200, b"{}", True), (200, b"<html>", False), (500, b"{}", False), (404, b"{}", False)],
    ids=["healthy", "another server", "error", "no such page"],
)
def test_localstack_answers_its_health_page(localstack: Pages, status: int, content: bytes, *, answered: bool) -> None:
    localstack.pages["/_localstack/health"] = status, content

    assert answers(localstack.endpoint) is answered


@pytest.mark.parametrize("endpoint", [NOWHERE, "not a URL", ""])
def test_nothing_answers_elsewhere(endpoint: str) -> None:
    assert not answers(endpoint)


def test_target_has_no_credentials_of_the_developer(localstack: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the developer's own")
    monkeypatch.setenv("AWS_PROFILE", "developer")
    monkeypatch.setenv("TF_PROVIDER_MIRROR", "/mirror")

    with reached_target(localstack.endpoint) as target:
        environment, within = target.environment, os.environ["AWS_ENDPOINT_URL"]

    assert "AWS_PROFILE" not in environment
    assert (environment["AWS_SECRET_ACCESS_KEY"], environment["TF_PROVIDER_MIRROR"]) == ("test", "/mirror")
    assert (target.endpoint, target.place, within) == (localstack.endpoint,) * 3
    assert (target.account, target.is_own) == (None, False)


@pytest.mark.parametrize(("content", "session"), [(b'{"session_id": "s-1"}', "s-1"), (b"{}", None), (b"", None)])
def test_target_has_the_session_of_the_localstack(localstack: Pages, content: bytes, session: str | None) -> None:
    localstack.pages["/_localstack/info"] = 200, content

    with reached_target(localstack.endpoint) as target:
        assert target.session == session


def test_stopped_localstack_is_reported(localstack: Pages) -> None:
    message = f"The LocalStack at {localstack.endpoint} does not answer. Start it again, or unset AWS_ENDPOINT_URL."

    with reached_target(localstack.endpoint) as target:
        target.check()
        localstack.pages.clear()
        with pytest.raises(TargetGoneError) as gone:
            target.check()

    assert str(gone.value) == message
    with pytest.raises(TargetGoneError), reached_target(localstack.endpoint):
        pytest.fail("the target is used")


@pytest.mark.parametrize("endpoint", [None, "http://localhost:4566"])
@pytest.mark.parametrize("before", [None, "http://before"])
def test_endpoint_variable_is_restored(monkeypatch: pytest.MonkeyPatch, endpoint: str | None, before: str) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    if before is not None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", before)

    with clients_to(endpoint):
        within = os.environ.get("AWS_ENDPOINT_URL")

    assert (within, os.environ.get("AWS_ENDPOINT_URL")) == (endpoint, before)

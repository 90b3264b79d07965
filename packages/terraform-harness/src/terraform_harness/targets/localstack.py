"""LocalStack as a target: one that runs already, or an embedded one."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from terraform_harness.targets.embedded import start_embedded
from terraform_harness.targets.errors import TargetGoneError
from terraform_harness.targets.target import REGION, Target

# The folder of an embedded LocalStack in the folder of its run.
LOCALSTACK = "localstack"
_ANSWER_SECONDS = 2.0
# The variables of the shell that Terraform needs; the credentials and profiles of the developer are not among them.
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "TF_PLUGIN_CACHE_DIR", "TF_PROVIDER_MIRROR", "SSL_CERT_FILE")


def answers(endpoint: str) -> bool:
    """Return whether a LocalStack answers at a URL."""
    return _get(endpoint, "health") is not None


@contextmanager
def localstack_target(run: Path, *, endpoint: str | None = None, port: int | None = None) -> Iterator[Target]:
    """Yield the LocalStack at an endpoint if it answers there, else an embedded one that stops with the block.

    Args:
        run: The run's folder; an embedded LocalStack has its folders and its log in it.
        endpoint: Usually AWS_ENDPOINT_URL.
        port: The port of an embedded LocalStack; by default a free one.

    Raises:
        EmbeddedMissingError: The package embedded-localstack is not installed.
    """
    if endpoint is not None and answers(endpoint):
        with reached_target(endpoint) as target:
            yield target
        return
    with start_embedded(run / LOCALSTACK, port=port) as localstack, clients_to(localstack.endpoint_url):
        yield Target(
            name="localstack",
            environment=_environment(localstack.endpoint_url, os.environ),
            session=_session_of(localstack.endpoint_url),
            is_own=True,
            check=localstack.check,
            log_file=localstack.log_file,
            detach=localstack.detach,
        )


@contextmanager
def reached_target(endpoint: str) -> Iterator[Target]:
    """Yield a LocalStack that runs already; it is not stopped.

    Raises:
        TargetGoneError: It does not answer.
    """

    def check() -> None:
        if not answers(endpoint):
            raise TargetGoneError(endpoint=endpoint)

    check()
    with clients_to(endpoint):
        environment = _environment(endpoint, os.environ)
        yield Target(name="localstack", environment=environment, session=_session_of(endpoint), check=check)


@contextmanager
def clients_to(endpoint: str | None) -> Iterator[None]:
    """Set AWS_ENDPOINT_URL within the block, or unset it: boto3 and localstack-client read it."""
    before = os.environ.pop("AWS_ENDPOINT_URL", None)
    if endpoint is not None:
        os.environ["AWS_ENDPOINT_URL"] = endpoint
    try:
        yield
    finally:
        os.environ.pop("AWS_ENDPOINT_URL", None)
        if before is not None:
            os.environ["AWS_ENDPOINT_URL"] = before


def _environment(endpoint: str, shell: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that directs Terraform and boto3 to a LocalStack, without the developer's credentials."""
    return {
        **{name: shell[name] for name in _PASSED_ON if name in shell},
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        # A proxy of the shell cannot reach 127.0.0.1 of this machine.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def _session_of(endpoint: str) -> str | None:
    """Return the id that a LocalStack keeps until it stops; None if it reports none."""
    session = (_get(endpoint, "info") or {}).get("session_id")
    return str(session) if session else None


def _get(endpoint: str, page: str) -> dict[str, Any] | None:
    """Return a page of LocalStack's internal API; None if it does not answer with JSON."""
    # The imports take long, and most sessions do not need them.
    import urllib.request  # noqa: PLC0415
    from http.client import HTTPException  # noqa: PLC0415

    try:
        with urllib.request.urlopen(f"{endpoint}/_localstack/{page}", timeout=_ANSWER_SECONDS) as answer:  # noqa: S310 - the user's own URL
            content: dict[str, Any] = json.load(answer)
            return content
    except (OSError, HTTPException, ValueError):
        return None

"""Gathers the evidence of a failure: of a test that uses the deployment, or of the deployment itself."""

import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from terraform_harness.deployments.errors import OutputMissingError
from terraform_harness.errors import EventuallyError, HarnessError

if TYPE_CHECKING:
    from terraform_harness.deployments.deployment import Deployment, Phase

# ruff: noqa: PLC0415 - the plugin is loaded in every session: what only a deployment needs is imported when it is used

# The ini option with the metric namespaces of the project.
NAMESPACES = "terraform_metric_namespaces"
# Errors that a test causes: their traceback shows where.
OF_TESTS = (EventuallyError, OutputMissingError)
_OF_DEPLOYMENT = pytest.StashKey[Path]()


class LeftoverWarning(UserWarning):
    """A leftover resource that was removed after destroy."""


def warn(message: str) -> None:
    """Let pytest show a warning, also in a project that turns warnings into errors: no line of a test caused it."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", LeftoverWarning)
        warnings.warn(message, LeftoverWarning, stacklevel=1)


def without_traceback(error: HarnessError) -> str:
    """Return an error with its notes, as pytest shows the error of a test."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    text = "\n".join([f"{name}: {error}", *getattr(error, "__notes__", ())])
    return "\n".join(f"E   {line}" for line in text.splitlines())


def gather_for_deployment(config: pytest.Config, deployment: "Deployment", phase: "Phase", *, since: datetime) -> None:
    """Gather the evidence of a deployment or a teardown that failed, while its resources still exist."""
    config.stash[_OF_DEPLOYMENT] = _gather(config, deployment, phase, since)


def gather_for_test(item: pytest.Item, call: pytest.CallInfo[None]) -> Path | None:
    """Return the folder with a failed test's evidence; None if the test has no deployment, or it is gone."""
    found = item.config.stash.get(_OF_DEPLOYMENT, None)
    # The teardown of the session, which ends with any test, has gathered its own evidence while its target existed.
    if call.when == "teardown" and found is not None:
        return found
    if "terraform_deployment" not in getattr(item, "fixturenames", ()):
        return None
    deployment: Deployment | None = getattr(item, "funcargs", {}).get("terraform_deployment")
    if deployment is None:
        return found
    from terraform_harness.deployments.store import RunStore
    from terraform_harness.plugin.evidence import folder_name

    if RunStore.of(deployment.run).is_clean(deployment.run):
        return None
    # The evidence of a test's own teardown must not replace that of the test.
    name = folder_name(item.nodeid) + ("-teardown" if call.when == "teardown" else "")
    return _gather(item.config, deployment, name, datetime.fromtimestamp(call.start, UTC))


def _gather(config: pytest.Config, deployment: "Deployment", name: str, since: datetime) -> Path:
    from terraform_harness.deployments.deployment import REPORTS
    from terraform_harness.plugin.evidence import gather

    folder = config.rootpath / REPORTS / "evidence" / name
    return gather(deployment, folder, since=since, namespaces=config.getini(NAMESPACES))

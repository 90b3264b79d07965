"""Gathers the evidence of what failed in a session: a test of a deployment, or the deployment itself."""

import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest

from terraform_harness.deployments.deployment import REPORTS, Deployment, Phase
from terraform_harness.errors import EventuallyError, HarnessError, OutputMissingError
from terraform_harness.plugin.evidence import folder_name, gather

# The line of pytest's configuration that names the metric namespaces of the project.
NAMESPACES = "harness_metric_namespaces"
# Errors that a test causes: where it did is worth seeing.
OF_TESTS = (EventuallyError, OutputMissingError)
_OF_DEPLOYMENT = pytest.StashKey[Path]()


class LeftoverWarning(UserWarning):
    """Something was left after destroy and is removed now."""


def warn(message: str) -> None:
    """Let pytest show a warning, also in a project that turns warnings into errors: it concerns no line of a test."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", LeftoverWarning)
        warnings.warn(message, LeftoverWarning, stacklevel=1)


def in_one_screen(error: HarnessError) -> str:
    """An error with its notes, as pytest shows the error of a test, but without a traceback."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    text = "\n".join([f"{name}: {error}", *getattr(error, "__notes__", ())])
    return "\n".join(f"E   {line}" for line in text.splitlines())


def gather_for_deployment(config: pytest.Config, deployment: Deployment, phase: Phase, *, since: datetime) -> None:
    """Gather the evidence of a deployment or a teardown that failed, while the target can still be asked."""
    config.stash[_OF_DEPLOYMENT] = _gather(config, deployment, phase, since)


def gather_for_test(item: pytest.Item, call: pytest.CallInfo[None]) -> Path | None:
    """Return the folder with a failed test's evidence; None if nothing was deployed, or it is gone."""
    deployment = getattr(item, "funcargs", {}).get("deployment")
    # The session's teardown has gathered its own, before the target was gone.
    if call.when == "teardown" and (found := item.config.stash.get(_OF_DEPLOYMENT, None)) is not None:
        return found
    if not isinstance(deployment, Deployment):
        return (
            item.config.stash.get(_OF_DEPLOYMENT, None) if "deployment" in getattr(item, "fixturenames", ()) else None
        )
    if not deployment.run.is_left:
        return None
    # What a test's own teardown leaves must not take the place of what the test has left.
    name = folder_name(item.nodeid) + ("-teardown" if call.when == "teardown" else "")
    return _gather(item.config, deployment, name, datetime.fromtimestamp(call.start, UTC))


def _gather(config: pytest.Config, deployment: Deployment, name: str, since: datetime) -> Path:
    folder = config.rootpath / REPORTS / "evidence" / name
    return gather(deployment, folder, since=since, namespaces=config.getini(NAMESPACES))

"""Gathers the evidence of what failed in a session: a test of a deployment, or the deployment itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.deployment import Deployment
from harness.evidence import folder_name, gather

_OF_DEPLOYMENT = pytest.StashKey[Path]()


def gather_for_deployment(config: pytest.Config, deployment: Deployment, since: datetime) -> None:
    """Gather the evidence of a deployment that failed, before it is torn down."""
    config.stash[_OF_DEPLOYMENT] = gather(deployment, _folder(config, "deployment"), since=since)


def gather_for_test(item: pytest.Item, call: pytest.CallInfo[None]) -> Path | None:
    """Return the folder with a failed test's evidence; None if nothing was deployed, or it is gone."""
    deployment = getattr(item, "funcargs", {}).get("deployment")
    if not isinstance(deployment, Deployment):
        return (
            item.config.stash.get(_OF_DEPLOYMENT, None) if "deployment" in getattr(item, "fixturenames", ()) else None
        )
    if not deployment.run.is_left:
        return None
    folder = _folder(item.config, folder_name(item.nodeid))
    return gather(deployment, folder, since=datetime.fromtimestamp(call.start, UTC))


def _folder(config: pytest.Config, name: str) -> Path:
    return config.rootpath / "reports" / "evidence" / name

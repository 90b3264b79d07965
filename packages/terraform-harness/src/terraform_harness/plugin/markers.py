"""The markers `aws` and `localstack`: a marked test runs on these targets only."""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pytest

from terraform_harness.plugin.options import Options

if TYPE_CHECKING:
    from terraform_harness.targets.clients import TargetName

TARGETS: "tuple[TargetName, ...]" = ("aws", "localstack")
# The ini option that requires a marker.
REQUIRED = "terraform_markers_required"


def add_markers(config: pytest.Config) -> None:
    """Register the markers."""
    for name in TARGETS:
        config.addinivalue_line("markers", f"{name}(reason): runs on {name}, and is skipped on an unmarked target")


def skip_on_other_targets(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Skip each marked test without the marker of this session's target.

    With `--tf-target aws` and AWS_ENDPOINT_URL, a LocalStack replaces AWS: a test needs both markers.
    """
    target = Options.of(config).target
    here = {target, "localstack"} if "AWS_ENDPOINT_URL" in os.environ else {target}
    for item in items:
        markers = _markers_of(item)
        if markers and not here <= markers.keys():
            reasons = [reason for marker in markers.values() for reason in marker.args]
            skipped = f"runs on {' and '.join(markers)} only" + (f": {', '.join(reasons)}" if reasons else "")
            item.add_marker(pytest.mark.skip(reason=skipped))


def refuse_without_marker(item: pytest.Item) -> None:
    """Fail a test that uses the target without a marker, if markers are required, before anything is deployed."""
    uses_target = "terraform_target" in getattr(item, "fixturenames", ())
    if uses_target and item.config.getini(REQUIRED) and not _markers_of(item):
        pytest.fail(
            "The test has no target marker: add @pytest.mark.localstack, @pytest.mark.aws, or both.", pytrace=False
        )


def _markers_of(item: pytest.Item) -> "Mapping[TargetName, pytest.Mark]":
    return {name: marker for name in TARGETS if (marker := item.get_closest_marker(name)) is not None}

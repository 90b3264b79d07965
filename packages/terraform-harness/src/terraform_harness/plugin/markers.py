"""Which tests a session runs: those that are marked with its target."""

import os
from collections.abc import Iterable, Mapping, Sequence

import pytest

from terraform_harness.plugin.options import Choices
from terraform_harness.targets.target import TargetName

TARGETS: Sequence[TargetName] = ("aws", "localstack")
# In pytest's configuration: whether each test that reaches a target has to be marked.
REQUIRED = "harness_marks_required"


def add_marks(config: pytest.Config) -> None:
    """Let pytest know the marks."""
    for name in TARGETS:
        config.addinivalue_line("markers", f"{name}(reason): proven on {name}, and skipped where no such mark fits")


def session_targets(config: pytest.Config) -> frozenset[TargetName]:
    """The targets that this session stands for: with `--target aws`, what AWS_ENDPOINT_URL leads to is both."""
    target = Choices.of(config).target
    return frozenset({target, "localstack"} if "AWS_ENDPOINT_URL" in os.environ else {target})


def skip_what_is_not_proven_here(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Skip each test that is marked, and not with every target of this session."""
    here = session_targets(config)
    for item in items:
        marks = _marks_of(item)
        if marks and not here <= marks.keys():
            reasons = [reason for mark in marks.values() for reason in mark.args]
            said = f"proven on {' and '.join(marks)} only" + (f": {', '.join(reasons)}" if reasons else "")
            item.add_marker(pytest.mark.skip(reason=said))


def refuse_without_mark(item: pytest.Item) -> None:
    """Fail a test that reaches a target and has no mark, where marks are required, before anything is deployed."""
    # With the run, it is our fixture and no parameter of that name.
    reaches_target = {"run", "target"} <= {*getattr(item, "fixturenames", ())}
    if item.config.getini(REQUIRED) and reaches_target and not _marks_of(item):
        pytest.fail(
            "It does not say where it is proven: mark it with @pytest.mark.localstack, @pytest.mark.aws, or both.",
            pytrace=False,
        )


def _marks_of(item: pytest.Item) -> Mapping[TargetName, pytest.Mark]:
    return {name: mark for name in TARGETS if (mark := item.get_closest_marker(name)) is not None}

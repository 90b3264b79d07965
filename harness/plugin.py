"""The pytest plugin: `pytest_plugins = ["harness.plugin"]` in a conftest.py is all that a project needs.

A project overrides one fixture, `terraform_configuration`; the rest follows from it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.deployment import Deployment, deployed
from harness.runs import Run, temporary_run
from harness.signals import sigterm_as_interrupt
from harness.targets import Target, localstack_target


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of target."""
    group = parser.getgroup("harness", "deploying Terraform")
    group.addoption(
        "--target",
        choices=("localstack", "aws"),
        default="localstack",
        help="localstack (default): the one at AWS_ENDPOINT_URL if it answers, else an embedded one; or aws",
    )


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Iterator[Run]:
    """This run's id, suffix, tags and folder; the folder stays if the run ends badly."""
    with sigterm_as_interrupt(), temporary_run(pytestconfig.rootpath / ".runs") as run:
        yield run


@pytest.fixture(scope="session")
def target(run: Run) -> Iterator[Target]:
    """The place that `deployment` is deployed to."""
    with localstack_target(run.folder, endpoint=os.environ.get("AWS_ENDPOINT_URL")) as target:
        yield target


@pytest.fixture(scope="session")
def terraform_configuration() -> Path:
    """The folder with the `*.tf.json` to deploy. Override this fixture: there is no default."""
    raise pytest.UsageError("Override the session fixture 'terraform_configuration': return a folder with *.tf.json.")


@pytest.fixture(scope="session")
def deployment(terraform_configuration: Path, run: Run, target: Target) -> Iterator[Deployment]:
    """The configuration, deployed once for the whole session and destroyed after it."""
    with deployed(terraform_configuration, run.at(target.endpoint), target) as deployment:
        yield deployment

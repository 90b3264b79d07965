"""The options of the plugin on pytest's command line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import pytest

if TYPE_CHECKING:
    from terraform_harness.targets.clients import TargetName

# The run that all workers of one pytest-xdist session share.
SHARED_RUN = "terraform_shared_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a session, and the run that its pytest-xdist workers share, if it has any."""

    target: "TargetName"
    keep: bool
    reuse: bool
    strict_leftovers: bool
    shared_run: str | None

    @classmethod
    def of(cls, config: pytest.Config) -> Self:
        """Read the options of a session."""
        return cls(
            target=config.getoption("--tf-target"),
            keep=config.getoption("--tf-keep"),
            reuse=config.getoption("--tf-reuse"),
            strict_leftovers=config.getoption("--tf-strict-leftovers"),
            shared_run=getattr(config, "workerinput", {}).get(SHARED_RUN),
        )

    @property
    def outlives_session(self) -> bool:
        """Whether the deployment outlives this session."""
        return self.keep or self.reuse

    @property
    def outlives_process(self) -> bool:
        """Whether the deployment outlives this process; a shared one outlives each worker."""
        return self.outlives_session or self.shared_run is not None


def add_options(parser: pytest.Parser) -> None:
    """Add the options to pytest's command line."""
    group = parser.getgroup("terraform", "Terraform deployments")
    group.addoption(
        "--tf-target",
        choices=("localstack", "aws"),
        default="localstack",
        help="localstack (default): the one at AWS_ENDPOINT_URL if it answers, else an embedded one; or aws",
    )
    group.addoption("--tf-keep", action="store_true", help="keep the deployment after the tests")
    group.addoption("--tf-reuse", action="store_true", help="test the kept deployment if it is the same, else keep one")
    group.addoption(
        "--tf-strict-leftovers",
        action="store_true",
        help="fail if Lambda made a log group that the configuration does not declare; always so on AWS",
    )

"""What the pytest command line chose: the target, and how much of a deployment's life this session takes part in."""

from dataclasses import dataclass
from typing import Literal, Self

import pytest

from terraform_harness.targets.target import TargetName

type Stage = Literal["deploy", "test", "destroy"]

# The run that all workers of one pytest-xdist session share.
SHARED_RUN = "harness_shared_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The options, and the run that the workers of this session share, if it has workers."""

    target: TargetName
    stage: Stage | None
    keep: bool
    reuse: bool
    strict_leftovers: bool
    shared_run: str | None

    @classmethod
    def of(cls, config: pytest.Config) -> Self:
        """Read them."""
        return cls(
            target=config.getoption("--target"),
            stage=config.getoption("--stage"),
            keep=config.getoption("--keep"),
            reuse=config.getoption("--reuse"),
            strict_leftovers=config.getoption("--strict-leftovers"),
            shared_run=getattr(config, "workerinput", {}).get(SHARED_RUN),
        )

    @property
    def wants_kept(self) -> bool:
        """Whether a deployment that was kept is used, if there is one."""
        return self.reuse or self.stage in {"test", "destroy"}

    @property
    def outlives(self) -> bool:
        """Whether the deployment outlives this session."""
        return self.keep or self.wants_kept or self.stage == "deploy"

    @property
    def keeps(self) -> bool:
        """Whether the deployment outlives this process: what workers share outlives each of them."""
        return self.outlives or self.shared_run is not None


def add_options(parser: pytest.Parser) -> None:
    """Add them to pytest's command line."""
    group = parser.getgroup("harness", "deploying Terraform")
    group.addoption(
        "--target",
        choices=("localstack", "aws"),
        default="localstack",
        help="localstack (default): the one at AWS_ENDPOINT_URL if it answers, else an embedded one; or aws",
    )
    group.addoption(
        "--stage",
        choices=("deploy", "test", "destroy"),
        help="only deploy and keep, only test what was kept, or only destroy it",
    )
    group.addoption("--keep", action="store_true", help="leave the deployment where it is after the tests")
    group.addoption(
        "--strict-leftovers",
        action="store_true",
        help="fail if Lambda made a log group that the configuration does not declare; on AWS this is always so",
    )
    group.addoption("--prove", action="store_true", help="note in the file of proofs which tests passed on the target")
    group.addoption(
        "--reuse", action="store_true", help="test the deployment that was kept if it is the same, else keep a new one"
    )

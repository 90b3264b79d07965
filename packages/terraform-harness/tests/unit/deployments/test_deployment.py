"""Whatever ends a deployment, it is torn down, and what is left is said with the command that ends it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from terraform_harness.deployments import deployment, teardown
from terraform_harness.deployments.deployment import deployed
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.deployments.sweep import Swept
from terraform_harness.errors import LeftoverError, TerraformError
from terraform_harness.targets.target import Target

AWS = Target(name="aws", environment={"AWS_REGION": "eu-central-1"}, account="123456789012")
LOCALSTACK = Target(name="localstack", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})
QUEUE = Resource(kind="queue", name="left-t-1", identifier="left-t-1", region="us-east-1")


class Recorded:
    """A terraform that writes down what it is told, and fails as it is told to."""

    def __init__(self, run: Run, *, failing: str | None = None) -> None:
        self.run = run
        self.calls: list[str] = []
        self.failing = failing

    def init(self) -> None:
        self._do("init")

    def apply(self) -> None:
        # The review of the plan says so.
        self.run.applying()
        self._do("apply")

    def destroy(self) -> None:
        self._do("destroy")

    def outputs(self) -> dict[str, object]:
        return {}

    def check_state(self) -> None:
        """Its state is its own."""

    def state(self) -> dict[str, object]:
        return {}

    def state_addresses(self) -> Sequence[str]:
        return ()

    def _do(self, command: str) -> None:
        self.calls.append(command)
        if command == self.failing:
            raise TerraformError(command=["terraform", command], folder=Path("stack"), exit_code=1, message="No.")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "runs", run_id="run-1")


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    folder = tmp_path / "configuration"
    folder.mkdir()
    (folder / "main.tf.json").write_text("{}")
    return folder


def use(monkeypatch: pytest.MonkeyPatch, terraform: Recorded, *looks: Sequence[Resource]) -> Recorded:
    """Put a recorded terraform, and what each look at the target sees, in the place of the real ones."""
    seen = list(looks)

    def look(*_: object) -> Sequence[Resource]:
        terraform.calls.append("look")
        return seen.pop(0) if len(seen) > 1 else seen[0]

    def swept(*_: object) -> Swept:
        terraform.calls.append("sweep")
        return Swept(deleted=[], kept={})

    monkeypatch.setattr(deployment, "terraform_of", lambda *_: terraform)
    monkeypatch.setattr(teardown, "left_of", look)
    monkeypatch.setattr(teardown, "sweep", swept)
    # Without them, LocalStack is asked once more for log groups.
    monkeypatch.setattr(teardown, "_remove_log_groups", lambda *_: None)
    monkeypatch.setattr(teardown, "reason_to_keep", lambda *_: None)
    return terraform


def test_what_was_deployed_is_destroyed_and_looked_for(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = use(monkeypatch, Recorded(run), [])

    with deployed(configuration, run, LOCALSTACK):
        terraform.calls.append("test")

    assert terraform.calls == ["init", "apply", "test", "destroy", "look"]


def test_a_failed_apply_is_looked_into_before_it_is_torn_down_and_swept(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = use(monkeypatch, Recorded(run, failing="apply"), [])

    with (
        pytest.raises(TerraformError),
        deployed(configuration, run, LOCALSTACK, on_failure=lambda *_: terraform.calls.append("evidence")),
    ):
        pass

    assert terraform.calls == ["init", "apply", "evidence", "destroy", "sweep", "look"]


def test_an_interrupt_is_nothing_to_be_looked_into(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = use(monkeypatch, Recorded(run), [])

    with (
        pytest.raises(KeyboardInterrupt),
        deployed(configuration, run, LOCALSTACK, on_failure=lambda *_: terraform.calls.append("evidence")),
    ):
        raise KeyboardInterrupt

    assert terraform.calls == ["init", "apply", "destroy", "sweep", "look"]


def test_what_is_left_fails_the_run_with_the_command_that_ends_it(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Recorded(run), [QUEUE])

    with pytest.raises(LeftoverError) as failure, deployed(configuration, run, LOCALSTACK):
        pass

    assert str(failure.value) == (
        "1 resource is left after destroy:\n  queue left-t-1\nDelete it with: terraform-harness destroy run-1"
    )
    assert run.is_left


def test_aws_may_list_for_a_while_what_is_gone(run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terraform = use(monkeypatch, Recorded(run), [QUEUE], [QUEUE], [])

    with deployed(configuration, run, AWS):
        pass

    assert terraform.calls[-3:] == ["look", "look", "look"]
    assert not run.is_left


def test_a_destroy_that_fails_says_the_command_that_ends_what_is_left(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Recorded(run, failing="destroy"), [])

    with pytest.raises(TerraformError) as failure, deployed(configuration, run, LOCALSTACK):
        pass

    assert failure.value.__notes__ == ["End what is left with: terraform-harness destroy run-1"]
    assert run.is_left


def test_the_first_error_is_the_one_that_is_raised_and_it_tells_of_the_second(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Recorded(run), [QUEUE])

    with pytest.raises(ZeroDivisionError) as failure, deployed(configuration, run, LOCALSTACK):
        raise ZeroDivisionError

    assert failure.value.__notes__ == [
        (
            "Then the tear-down failed too: 1 resource is left after destroy:\n  queue left-t-1\n"
            "Delete it with: terraform-harness destroy run-1"
        ),
        "End what is left with: terraform-harness destroy run-1",
    ]

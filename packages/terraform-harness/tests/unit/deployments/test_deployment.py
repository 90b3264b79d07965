"""A deployment is torn down after its block, however the block ends. Leftovers are reported with their command."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness_support.stores import is_clean
from terraform_harness.deployments import deployment, teardown
from terraform_harness.deployments.deployment import Deployment, attached, deployed
from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.sweep import Swept
from terraform_harness.targets.target import Target
from terraform_harness.terraform.errors import TerraformError

AWS = Target(name="aws", environment={"AWS_REGION": "eu-central-1"}, account="123456789012")
LOCALSTACK = Target(name="localstack", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})
QUEUE = Resource(kind="queue", name="left-t-1", identifier="left-t-1", region="us-east-1")


class Recorded:
    """A fake Terraform that records its calls, and fails at one of them."""

    def __init__(self, run: Run, *, failing: str | None = None) -> None:
        self.run = run
        self.calls: list[str] = []
        self.failing = failing

    def init(self) -> None:
        self._do("init")

    def apply(self) -> None:
        # The review of the plan records it.
        RunStore.of(self.run).update(self.run, applied=True)
        self._do("apply")

    def destroy(self) -> None:
        self._do("destroy")

    def outputs(self) -> dict[str, object]:
        return {}

    def check_state(self) -> None:
        """Accept the state."""

    def state(self) -> dict[str, object]:
        return {}

    def state_addresses(self) -> Sequence[str]:
        return ()

    def _do(self, command: str) -> None:
        self.calls.append(command)
        if command == self.failing:
            raise TerraformError(command=["terraform", command], folder=Path("stack"), exit_code=1, message="No.")


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    folder = tmp_path / "configuration"
    folder.mkdir()
    (folder / "main.tf.json").write_text("{}")
    return folder


def use(monkeypatch: pytest.MonkeyPatch, terraform: Recorded, *lists: Sequence[Resource]) -> Recorded:
    """Replace Terraform, the sweep, and what the target lists, one list after the other."""
    remaining = list(lists)

    def left_of(*_: object) -> Sequence[Resource]:
        terraform.calls.append("list")
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    def sweep(*_: object) -> Swept:
        terraform.calls.append("sweep")
        return Swept(deleted=[], kept={})

    monkeypatch.setattr(deployment, "terraform_of", lambda *_: terraform)
    monkeypatch.setattr(teardown, "left_of", left_of)
    monkeypatch.setattr(teardown, "sweep", sweep)
    # It would list log groups on LocalStack once more.
    monkeypatch.setattr(teardown, "_remove_log_groups", lambda *_, **__: None)
    monkeypatch.setattr(teardown, "reason_to_keep", lambda *_: None)
    return terraform


def test_deployment_is_destroyed_and_searched(run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terraform = use(monkeypatch, Recorded(run), [])

    with deployed(configuration, run, LOCALSTACK):
        terraform.calls.append("test")

    assert terraform.calls == ["init", "apply", "test", "destroy", "list"]


def test_kept_deployment_is_not_destroyed(run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terraform = use(monkeypatch, Recorded(run), [])

    with deployed(configuration, run, LOCALSTACK, keep=True):
        pass

    assert terraform.calls == ["init", "apply"]
    assert not is_clean(run)


def test_evidence_of_failed_apply_is_gathered_before_the_teardown(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = use(monkeypatch, Recorded(run, failing="apply"), [])

    with (
        pytest.raises(TerraformError),
        deployed(configuration, run, LOCALSTACK, on_failure=lambda *_: terraform.calls.append("evidence")),
    ):
        pass

    assert terraform.calls == ["init", "apply", "evidence", "destroy", "sweep", "list"]


def test_interrupt_gathers_no_evidence(run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terraform = use(monkeypatch, Recorded(run), [])

    with (
        pytest.raises(KeyboardInterrupt),
        deployed(configuration, run, LOCALSTACK, on_failure=lambda *_: terraform.calls.append("evidence")),
    ):
        raise KeyboardInterrupt

    assert terraform.calls == ["init", "apply", "destroy", "sweep", "list"]


def test_leftover_resource_is_reported_with_the_command(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Recorded(run), [QUEUE])

    with pytest.raises(LeftoverError) as failure, deployed(configuration, run, LOCALSTACK):
        pass

    assert str(failure.value) == (
        "1 resource still exists after destroy:\n  queue left-t-1\nDelete it with: terraform-harness destroy run-1"
    )
    assert not is_clean(run)


def test_deleted_resource_may_be_listed_for_a_while_on_aws(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = use(monkeypatch, Recorded(run), [QUEUE], [QUEUE], [])

    with deployed(configuration, run, AWS):
        pass

    assert terraform.calls[-3:] == ["list", "list", "list"]
    assert is_clean(run)


def test_failed_destroy_reports_the_command(run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Recorded(run, failing="destroy"), [])

    with pytest.raises(TerraformError) as failure, deployed(configuration, run, LOCALSTACK):
        pass

    assert failure.value.__notes__ == ["Delete the leftover resources with: terraform-harness destroy run-1"]
    assert not is_clean(run)


def test_failed_teardown_is_a_note_of_the_first_error(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Recorded(run), [QUEUE])

    with pytest.raises(ZeroDivisionError) as failure, deployed(configuration, run, LOCALSTACK):
        raise ZeroDivisionError

    assert failure.value.__notes__ == [
        (
            "The teardown failed too: 1 resource still exists after destroy:\n  queue left-t-1\n"
            "Delete it with: terraform-harness destroy run-1"
        ),
        "Delete the leftover resources with: terraform-harness destroy run-1",
    ]


def test_observations_are_kept_for_the_sessions_that_reuse_it(
    run: Run, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = use(monkeypatch, Recorded(run), [])

    with deployed(configuration, run, LOCALSTACK, keep=True) as fresh:
        observed = fresh.observed(first_look={"queue": ()}, known_drift_seen=["tags"])

    reused = attached(run, LOCALSTACK, terraform)  # type: ignore[arg-type]  # not the real Terraform
    assert [looked(one) for one in (fresh, observed, reused)] == [
        (None, ()),
        ({"queue": []}, ["tags"]),
        ({"queue": []}, ["tags"]),
    ]


def looked(deployment: Deployment) -> tuple[object, Sequence[str]]:
    return deployment.first_look, deployment.known_drift_seen

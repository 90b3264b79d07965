"""Each error states what happened, where, and what to do next."""

import importlib
import re
from pathlib import Path

import pytest

from terraform_harness import errors
from terraform_harness.deployments.errors import (
    AccountUnprovenError,
    LeftoverError,
    RegionUnknownError,
    StaleDeploymentError,
    TakeoverError,
)
from terraform_harness.errors import HarnessError
from terraform_harness.terraform.errors import (
    BackendError,
    ConfigurationError,
    DriftError,
    ForeignStateError,
    ProviderMissingError,
    StateUnreadableError,
    TerraformError,
)

MODULES = ("deployments", "targets", "terraform", "template")
STATE = Path("/shop/.runs/run-1/terraform.tfstate")
REMOVE = "TF_DATA_DIR=/shop/.runs/run-1/.terraform terraform -chdir=/shop/.runs/run-1/terraform state rm"
TWELVE = [f"aws_sqs_queue.orders[{number}]" for number in range(12)]
TEN_OF_TWELVE = "".join(f"\n  aws_sqs_queue.orders[{number}]" for number in range(10)) + "\n  and 2 more"


def all_errors(base: type[HarnessError]) -> set[str]:
    public = {cls for cls in base.__subclasses__() if cls.__module__.startswith("terraform_harness.")}
    return {cls.__name__ for cls in public}.union(*map(all_errors, public))


def test_tree_of_errors_is_complete() -> None:
    for module in MODULES:
        importlib.import_module(f"terraform_harness.{module}.errors")

    drawn = set(re.findall(r"\w+Error\b", str(errors.__doc__)))

    template = {"CountError", "ExceptionsError", "NoMatchError", "OutputsError", "TypeMissingError", "UnwantedError"}
    assert all_errors(HarnessError) - template - {"UnresolvedReferenceError"} == drawn - {"HarnessError"}


def failed(exit_code: int) -> TerraformError:
    return TerraformError(
        command=["terraform", "init"], folder=Path("/shop"), exit_code=exit_code, message="no\nnetwork\n"
    )


@pytest.mark.parametrize(
    ("exit_code", "outcome"),
    [(1, "failed with exit code 1"), (-9, "was stopped by signal 9")],
    ids=["exit code", "signal"],
)
def test_terraform_error_has_command_folder_and_indented_output(exit_code: int, outcome: str) -> None:
    assert str(failed(exit_code)) == f"'terraform init' {outcome} in /shop:\n  no\n  network"


def test_provider_missing_error_names_the_searched_mirrors() -> None:
    error = ProviderMissingError(
        failed(1), provider="hashicorp/aws 5.100.0", searched=[Path("/mirror"), Path("/opt/mirror")]
    )

    assert str(error) == (
        "Terraform found no plugin for hashicorp/aws 5.100.0: no local mirror has it (searched /mirror, /opt/mirror) "
        "and the registry did not answer. Connect this machine to the registry, or set TF_PROVIDER_MIRROR to a folder "
        "that holds the plugin in Terraform's unpacked layout (HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/)."
    )


def test_configuration_error_names_folder_reason_and_remedy() -> None:
    error = ConfigurationError(
        folder=Path("/shop/infra"), reason="it has no *.tf.json or *.tf file", remedy="Return another folder."
    )

    assert str(error) == (
        "The Terraform configuration in /shop/infra cannot be used: it has no *.tf.json or *.tf file. "
        "Return another folder."
    )


@pytest.mark.parametrize(
    ("overriding", "listed"),
    [
        (["backend_override.tf"], "backend_override.tf"),
        (["a_override.tf", "override.tf"], "a_override.tf, override.tf"),
    ],
    ids=["one", "two"],
)
def test_backend_error_names_backend_state_and_override_files(overriding: list[str], listed: str) -> None:
    error = BackendError(backend="s3", state=STATE, overriding=overriding)

    assert str(error) == (
        "Terraform would use the backend 's3' instead of the run's own state /shop/.runs/run-1/terraform.tfstate. "
        f"Nothing was changed. Remove the backend from the override files of the configuration ({listed})."
    )


@pytest.mark.parametrize(
    ("foreign", "fact"),
    [
        (["aws_sqs_queue.orders"], "it lists 1 resource:\n  aws_sqs_queue.orders"),
        (["aws_sqs_queue.a", "aws_sqs_queue.b"], "it lists 2 resources:\n  aws_sqs_queue.a\n  aws_sqs_queue.b"),
        (TWELVE, f"it lists 12 resources:{TEN_OF_TWELVE}"),
        ([], "it lists 0 resources."),
    ],
    ids=["1", "2", "12", "0"],
)
def test_foreign_state_error_for_another_lineage(foreign: list[str], fact: str) -> None:
    error = ForeignStateError(state=STATE, is_own=False, foreign=foreign, command=REMOVE)

    assert str(error) == (
        f"The state /shop/.runs/run-1/terraform.tfstate is not this run's own; {fact}\n"
        "Nothing was changed. Move this state to another folder: a run begins with an empty state."
    )


@pytest.mark.parametrize(
    ("foreign", "fact", "pronoun", "first"),
    [
        (["aws_sqs_queue.a"], "1 resource that this run did not create:\n  aws_sqs_queue.a", "it", "aws_sqs_queue.a"),
        (
            ["aws_sqs_queue.a", "aws_sqs_queue.b"],
            "2 resources that this run did not create:\n  aws_sqs_queue.a\n  aws_sqs_queue.b",
            "them",
            "aws_sqs_queue.a",
        ),
        (TWELVE, f"12 resources that this run did not create:{TEN_OF_TWELVE}", "them", "'aws_sqs_queue.orders[0]'"),
        ([], "0 resources that this run did not create.", "them", "''"),
    ],
    ids=["1", "2", "12", "0"],
)
def test_foreign_state_error_for_unrecorded_resources(foreign: list[str], fact: str, pronoun: str, first: str) -> None:
    error = ForeignStateError(state=STATE, is_own=True, foreign=foreign, command=REMOVE)

    assert str(error) == (
        f"The state /shop/.runs/run-1/terraform.tfstate lists {fact}\n"
        f"Nothing was changed. Remove {pronoun} from this state, and run the command again: {REMOVE} {first}"
    )


def test_remedy_quotes_the_address_for_the_shell() -> None:
    error = ForeignStateError(state=STATE, is_own=True, foreign=['aws_sqs_queue.q["$(rm) it\'s"]'], command=REMOVE)

    assert str(error).endswith("""state rm 'aws_sqs_queue.q["$(rm) it'"'"'s"]'""")


def test_unreadable_state_error_names_the_backup() -> None:
    error = StateUnreadableError(state=STATE, reason="Expecting value: line 1 column 1 (char 0)")

    assert str(error) == (
        "The state /shop/.runs/run-1/terraform.tfstate cannot be read (Expecting value: line 1 column 1 (char 0)). "
        "Restore Terraform's backup of the last state: /shop/.runs/run-1/terraform.tfstate.backup"
    )


@pytest.mark.parametrize(("refresh", "manner"), [(True, "with"), (False, "without")])
def test_drift_error_shows_the_plan_and_the_remedies(*, refresh: bool, manner: str) -> None:
    error = DriftError(folder=Path("/shop"), refresh=refresh, plan="update aws_sqs_queue.q\n    delay: 1 -> 2")

    assert str(error) == (
        f"A plan right after apply in /shop, {manner} refresh, would change:\n"
        "  update aws_sqs_queue.q\n      delay: 1 -> 2\n"
        "Change the configuration to match what the target returns, or add the attribute to the fixture "
        "'terraform_known_drift' with a reason."
    )


def test_stale_deployment_error_has_each_reason_and_the_command() -> None:
    error = StaleDeploymentError(folder=Path("/shop/.runs/run-1"), reasons=["it expired", "it has another target"])

    assert str(error) == (
        "The deployment kept in /shop/.runs/run-1 cannot be reused: it expired; it has another target. "
        "Tear it down with 'terraform-harness destroy run-1', then deploy again."
    )


@pytest.mark.parametrize(
    ("taken", "count", "pronoun", "listed"),
    [
        (["a: an import block names it"], "1 resource", "it", "\n  a: an import block names it"),
        (
            ["a: queue orders exists in us-east-1", "b: queue bills exists in us-east-1"],
            "2 resources",
            "them",
            "\n  a: queue orders exists in us-east-1\n  b: queue bills exists in us-east-1",
        ),
        (TWELVE, "12 resources", "them", TEN_OF_TWELVE),
    ],
    ids=["1", "2", "12"],
)
def test_takeover_error_names_each_resource_and_the_remedies(
    taken: list[str], count: str, pronoun: str, listed: str
) -> None:
    error = TakeoverError(taken=taken, place="AWS account 123456789012 in eu-central-1", suffix="t-0123abcd")

    assert str(error) == (
        f"The apply would take over {count} in AWS account 123456789012 in eu-central-1 that existed before this run, "
        f"and destroy would delete {pronoun}:{listed}\n"
        "Nothing was changed. Give each resource a name of this run's own (the fixture 'terraform_run' has a suffix, "
        "'t-0123abcd' here), remove import blocks, or deploy to an empty target: "
        "without AWS_ENDPOINT_URL and --tf-target, the harness starts one."
    )


@pytest.mark.parametrize(
    ("settings", "listed"),
    [(["profile"], "profile"), (["access_key", "assume_role"], "access_key, assume_role")],
    ids=["one", "two"],
)
def test_unproven_account_error_names_provider_and_settings(settings: list[str], listed: str) -> None:
    error = AccountUnprovenError(provider="module.orders:aws.west", settings=settings)

    assert str(error) == (
        f"The provider configuration module.orders:aws.west sets {listed}, so it may use another account than the "
        "shell's credentials. Nothing was changed. Remove that, or set its allowed_account_ids to accounts in "
        "HARNESS_AWS_ACCOUNTS."
    )


def test_unknown_region_error_names_the_provider_configuration() -> None:
    error = RegionUnknownError(provider="aws.west")

    assert str(error) == (
        "The Region of the provider configuration aws.west is not known before apply, so the harness cannot check "
        "which resources exist there. Nothing was changed. Set it to a constant, a variable or a local value."
    )


@pytest.mark.parametrize(
    ("resources", "fact", "pronoun"),
    [
        (["queue orders"], "1 resource still exists after destroy:\n  queue orders", "it"),
        (["queue a", "queue b"], "2 resources still exist after destroy:\n  queue a\n  queue b", "them"),
        (TWELVE, f"12 resources still exist after destroy:{''.join(f'\n  {one}' for one in TWELVE)}", "them"),
    ],
    ids=["1", "2", "12"],
)
def test_leftover_error_lists_each_resource_and_the_command(resources: list[str], fact: str, pronoun: str) -> None:
    error = LeftoverError(resources=resources, command="terraform-harness destroy run-1")

    assert str(error) == f"{fact}\nDelete {pronoun} with: terraform-harness destroy run-1"
    assert error.resources == tuple(resources)


def test_leftover_error_without_a_command_names_the_owner() -> None:
    error = LeftoverError(resources=["queue orders (it has no tag RunId)"], command=None)

    assert str(error) == (
        "1 resource still exists after destroy:\n  queue orders (it has no tag RunId)\n"
        "The harness deletes only resources with the tag RunId of their run. Delete the others yourself."
    )

"""Each run uses its own state, for any backend of the configuration, and refuses any other state."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from harness.created import Created
from harness.errors import BackendError, ForeignStateError, StateUnreadableError
from harness.own_state import OwnState
from harness.planned import Planned

LINEAGE = "0e0a7bfd-8c0c-4c57-932d-9048e023a4b6"
THEIRS = "5b1f9d52-0000-4000-8000-000000000000"


@pytest.fixture
def own(tmp_path: Path) -> OwnState:
    (tmp_path / "terraform" / "infra").mkdir(parents=True)
    return OwnState(configuration=tmp_path / "terraform" / "infra", folder=tmp_path)


def state(lineage: str | None, *names: str) -> dict[str, Any]:
    """A state that lists a queue for each name."""
    resources = [
        {
            "mode": "managed",
            "type": "aws_sqs_queue",
            "name": name,
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 0, "attributes": {"name": name}, "sensitive_attributes": []}],
        }
        for name in names
    ]
    content = {"version": 4, "terraform_version": "1.11.4", "serial": 7, "outputs": {}, "resources": resources}
    return content if lineage is None else {**content, "lineage": lineage}


def begin(own: OwnState, listed: dict[str, Any], *created: str) -> None:
    """Write a state, and a record of what the run created."""
    own.file.write_text(json.dumps(listed))
    Created(lineage=LINEAGE, addresses=frozenset(created)).write(own.folder)


def files(own: OwnState) -> dict[str, str]:
    return {str(path.relative_to(own.folder)): path.read_text() for path in own.folder.rglob("*") if path.is_file()}


def test_override_file_sets_the_local_backend(own: OwnState) -> None:
    own.prepare()

    override = own.configuration / "~harness_override.tf.json"
    assert json.loads(override.read_text()) == {
        "terraform": {"backend": {"local": {"path": f"{own.folder}/terraform.tfstate"}}}
    }


def test_override_file_sorts_after_other_override_files() -> None:
    """Terraform merges override files in the order of their names."""
    others = ["override.tf", "zz_override.tf.json", "ZZ_override.tf", "_override.tf", "{_override.tf", "|_override.tf"]

    assert max([*others, "~harness_override.tf.json"]) == "~harness_override.tf.json"


def test_run_starts_with_an_empty_state_and_a_new_lineage(own: OwnState) -> None:
    own.prepare()

    lineage = own.created.lineage
    assert uuid.UUID(lineage).version == 4
    assert own.created == Created(lineage=lineage)
    assert own.read() == {
        "version": 4,
        "terraform_version": "1.11.0",
        "serial": 1,
        "outputs": {},
        "resources": [],
        "lineage": lineage,
    }


def test_each_run_has_its_own_lineage(tmp_path: Path) -> None:
    lineages = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        own = OwnState(configuration=tmp_path / name, folder=tmp_path / name)
        own.prepare()
        lineages.add(own.created.lineage)

    assert len(lineages) == 2


def test_second_preparation_changes_nothing(own: OwnState) -> None:
    own.prepare()
    begun = files(own)

    own.prepare()

    assert files(own) == begun


def test_applied_state_of_the_run_is_kept(own: OwnState) -> None:
    begin(own, state(LINEAGE, "orders"), "aws_sqs_queue.orders")

    own.prepare()

    assert own.read() == state(LINEAGE, "orders")


def test_lost_state_is_created_again_with_the_same_lineage(own: OwnState) -> None:
    record = Created(lineage=LINEAGE, addresses=frozenset({"aws_sqs_queue.orders"}), regions=("us-east-1",))
    record.write(own.folder)

    own.prepare()

    assert own.created == record
    assert (own.read()["lineage"], own.read()["resources"]) == (LINEAGE, [])


def test_existing_state_is_refused_and_unchanged(own: OwnState) -> None:
    own.file.write_text(json.dumps(state(THEIRS, "orders")))

    with pytest.raises(ForeignStateError) as refused:
        own.prepare()

    assert str(refused.value) == (
        f"The state {own.file} is not this run's own; it lists 1 resource:\n  aws_sqs_queue.orders\n"
        "Nothing was changed. Move this state to another folder: a run begins with an empty state."
    )
    assert own.read() == state(THEIRS, "orders")


@pytest.mark.parametrize(
    ("listed", "created"),
    [
        (state(LINEAGE), ()),
        (state(LINEAGE, "orders"), ("aws_sqs_queue.orders",)),
        (state(LINEAGE, "orders"), ("aws_sqs_queue.orders", "aws_sqs_queue.never_applied")),
        (state(None), ()),
        ({}, ()),
    ],
    ids=["empty", "what was created", "half of what was to be created", "empty, without a lineage", "no content"],
)
def test_own_state_is_accepted(own: OwnState, listed: dict[str, Any], created: tuple[str, ...]) -> None:
    begin(own, listed, *created)

    own.check()


def test_missing_state_is_accepted(own: OwnState) -> None:
    own.check()

    assert own.read() == {}


def test_unrecorded_resource_in_own_state_is_refused(own: OwnState) -> None:
    begin(own, state(LINEAGE, "orders", "live", "bills"), "aws_sqs_queue.orders", "aws_sqs_queue.bills")

    with pytest.raises(ForeignStateError) as refused:
        own.check()

    assert str(refused.value) == (
        f"The state {own.file} lists 1 resource that this run did not create:\n  aws_sqs_queue.live\n"
        "Nothing was changed. Remove it from this state, and run the command again: "
        f"TF_DATA_DIR={own.folder}/.terraform terraform -chdir={own.configuration} state rm aws_sqs_queue.live"
    )


def test_remedy_quotes_folders_for_the_shell(tmp_path: Path) -> None:
    folder = tmp_path / "my runs"
    folder.mkdir()
    own = OwnState(configuration=folder / "it's", folder=folder)
    begin(own, state(LINEAGE, "live"))

    with pytest.raises(ForeignStateError) as refused:
        own.check()

    assert str(refused.value).endswith(
        f"TF_DATA_DIR='{folder}/.terraform' terraform -chdir='{folder}/it'\"'\"'s' state rm aws_sqs_queue.live"
    )


@pytest.mark.parametrize("listed", [state(THEIRS), state(THEIRS, "orders"), state("", "orders")])
def test_other_lineage_is_refused_even_with_recorded_addresses(own: OwnState, listed: dict[str, Any]) -> None:
    begin(own, listed, "aws_sqs_queue.orders")

    with pytest.raises(ForeignStateError, match="is not this run's own"):
        own.check()


def test_state_without_lineage_must_be_empty(own: OwnState) -> None:
    own.file.write_text(json.dumps(state(None, "orders")))

    with pytest.raises(ForeignStateError, match="lists 1 resource that this run did not create"):
        own.check()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"version": 4, "resources": [', "Expecting value: line 1 column 30 (char 29)"),
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b"[]", "it is not a JSON object"),
        (b"null", "it is not a JSON object"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
    ids=["half", "empty", "list", "null", "binary"],
)
def test_damaged_state_is_refused(own: OwnState, content: bytes, reason: str) -> None:
    own.file.write_bytes(content)

    for use in (own.read, own.check, own.prepare):
        with pytest.raises(StateUnreadableError) as refused:
            use()

        assert str(refused.value) == (
            f"The state {own.file} cannot be read ({reason}); Terraform's copy of the last one is {own.file}.backup"
        )
    assert own.file.read_bytes() == content


def test_record_adds_created_and_moved_addresses(own: OwnState) -> None:
    begin(own, state(LINEAGE, "old"), "aws_sqs_queue.old")
    changes = [
        {"address": "aws_sqs_queue.new", "mode": "managed", "change": {"actions": ["create"]}},
        {"address": "aws_sqs_queue.moved", "mode": "managed", "change": {"actions": ["no-op"]}},
        {"address": "aws_sqs_queue.theirs", "mode": "managed", "change": {"actions": ["update"]}},
    ]
    changes[1]["previous_address"] = "aws_sqs_queue.old"

    own.record(Planned({"resource_changes": changes}))

    assert own.created == Created(
        lineage=LINEAGE, addresses=frozenset({"aws_sqs_queue.old", "aws_sqs_queue.new", "aws_sqs_queue.moved"})
    )


def test_environment_drops_variables_that_select_another_state(own: OwnState) -> None:
    shell = {
        "PATH": "/bin",
        "TF_VAR_region": "eu-west-1",
        "TF_PROVIDER_MIRROR": "/opt/mirror",
        "TF_CLI_ARGS": "-lock=false",
        "TF_CLI_ARGS_apply": "-state=/live.tfstate",
        "TF_DATA_DIR": "/live/.terraform",
        "TF_LOG_PATH": "/live/log",
        "TF_PLUGIN_CACHE_DIR": "/live/plugins",
        "TF_WORKSPACE": "live",
    }

    assert own.environment(shell) == {
        "PATH": "/bin",
        "TF_VAR_region": "eu-west-1",
        "TF_PROVIDER_MIRROR": "/opt/mirror",
        "TF_DATA_DIR": f"{own.folder}/.terraform",
    }


def chosen(own: OwnState, kind: str, **config: object) -> None:
    """Write the backend that `terraform init` has chosen into the data folder."""
    (own.folder / ".terraform").mkdir()
    backend = {"type": kind, "config": config, "hash": 3483867418}
    content = {"version": 3, "terraform_version": "1.11.4", "backend": backend}
    (own.folder / ".terraform" / "terraform.tfstate").write_text(json.dumps(content))


def test_own_backend_is_accepted(own: OwnState) -> None:
    chosen(own, "local", path=str(own.file), workspace_dir=None)

    own.check_backend()


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("s3", {"bucket": "states", "key": "live"}),
        ("local", {"path": "/live/terraform.tfstate"}),
        ("local", {"path": None}),
        ("local", {}),
        ("cloud", {"organization": "shop"}),
        ("http", {"path": "{file}"}),
    ],
)
def test_other_backend_is_refused(own: OwnState, kind: str, config: dict[str, Any]) -> None:
    own.prepare()
    for name in ("c_override.tf", "~~_override.tf", "main.tf", "override.tf.json", "overrides.tf", "b_override.tf"):
        (own.configuration / name).touch()
    chosen(own, kind, **{name: value and value.format(file=own.file) for name, value in config.items()})

    with pytest.raises(BackendError) as refused:
        own.check_backend()

    assert str(refused.value) == (
        f"Terraform would use the backend '{kind}' instead of the run's own state {own.file}. Nothing was changed. "
        "Remove the backend from the override files of the configuration "
        "(b_override.tf, c_override.tf, override.tf.json, ~~_override.tf)."
    )

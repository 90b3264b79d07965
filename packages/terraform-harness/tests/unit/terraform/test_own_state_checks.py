"""A state is refused if it is damaged, has another lineage or lists a resource that the run did not create."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness_support.own_states import LINEAGE, THEIRS, begin, state
from terraform_harness.terraform.errors import ForeignStateError, StateUnreadableError
from terraform_harness.terraform.own_state import OwnState


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

    with pytest.raises(ForeignStateError) as refused:
        own.check()

    count = len(listed["resources"])
    fact = "1 resource:\n  aws_sqs_queue.orders" if count else "0 resources."
    assert str(refused.value) == (
        f"The state {own.file} is not this run's own; it lists {fact}\n"
        "Nothing was changed. Move this state to another folder: a run begins with an empty state."
    )


def test_recorded_resource_that_existed_before_is_refused(own: OwnState) -> None:
    """A name may become known only during apply: then the review before it cannot compare the name."""
    begin(own, state(LINEAGE, "orders", "bills"), "aws_sqs_queue.orders", "aws_sqs_queue.bills")
    existed = frozenset({("queue", "orders", "")})
    own.created.adding(existed=existed).write(own.folder)

    with pytest.raises(ForeignStateError) as refused:
        own.check()

    assert str(refused.value) == (
        f"The state {own.file} lists 1 resource that this run did not create:\n  aws_sqs_queue.orders\n"
        "Nothing was changed. Remove it from this state, and run the command again: "
        f"TF_DATA_DIR={own.folder}/.terraform terraform -chdir={own.configuration} state rm aws_sqs_queue.orders"
    )


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
            f"The state {own.file} cannot be read ({reason}). "
            f"Restore Terraform's backup of the last state: {own.file}.backup"
        )
    assert own.file.read_bytes() == content

"""Detects import blocks and adopted default resources in a saved plan."""

from typing import Any

import pytest

from harness_support.planned_json import NO_OP, REPLACE, UPDATE, change, constant, planned, refer, resource


def test_import_blocks_are_detected_for_every_action() -> None:
    plan = planned(
        change("aws_sqs_queue.same", NO_OP, importing={"id": "https://sqs/same"}),
        change("aws_sqs_queue.changed", UPDATE, importing={"id": "https://sqs/changed"}),
        change("aws_sqs_queue.replaced", REPLACE, importing={"id": "https://sqs/replaced"}),
        change("terraform_data.other_provider", NO_OP, importing={"id": "x"}),
        change("aws_sqs_queue.created"),
        change("aws_sqs_queue.kept", NO_OP),
    )

    assert plan.imported == [
        "aws_sqs_queue.same",
        "aws_sqs_queue.changed",
        "aws_sqs_queue.replaced",
        "terraform_data.other_provider",
    ]


@pytest.mark.parametrize(
    ("expression", "adopts"),
    [
        (None, True),
        (constant(None), True),
        (refer("var.vpc_id"), True),
        (refer("data.aws_vpc.late.id", "data.aws_vpc.late"), True),
        (refer("aws_vpc.absent[0].id", "aws_vpc.absent[0]", "aws_vpc.absent"), True),
        (refer("terraform_data.made.output", "terraform_data.made"), True),
        (refer("aws_vpc.made.id", "aws_vpc.made"), False),
        (refer('aws_vpc.each["a.b"].id', 'aws_vpc.each["a.b"]', "aws_vpc.each"), False),
        (constant("${aws_vpc.made.id}", "aws_vpc.made.id", "aws_vpc.made"), False),
        (refer("var.create", "aws_vpc.made.id", "aws_vpc.made"), False),
        (refer("each.value.id", "each.value"), False),
        (refer("module.network.vpc_id", "module.network"), False),
        (refer("local.vpc_id"), False),
    ],
    ids=lambda value: str(value and value.get("references", value)) if not isinstance(value, bool) else "",
)
def test_default_of_unknown_vpc_is_adopted_unless_plan_creates_the_vpc(
    expression: dict[str, Any] | None, *, adopts: bool
) -> None:
    """An aws_default_security_group without a VPC adopts the group of the account's default VPC."""
    expressions = {} if expression is None else {"vpc_id": expression}
    plan = planned(
        change("aws_vpc.made"),
        change("terraform_data.made"),
        change('aws_vpc.each["a.b"]', name="each"),
        change("aws_default_security_group.it", after_unknown={"vpc_id": True, "id": True}),
        root={"resources": [resource("aws_default_security_group.it", **expressions)]},
    )

    assert plan.adopted == ["aws_default_security_group.it"] * adopts


@pytest.mark.parametrize("argument", [{}, {"vpc": constant(None)}, {"vpc": refer("aws_vpc.made.id", "aws_vpc.made")}])
def test_default_in_module_follows_the_module_argument(argument: dict[str, Any]) -> None:
    module = {"resources": [resource("aws_default_security_group.it", vpc_id=refer("var.vpc"))]}
    plan = planned(
        change("aws_vpc.made"),
        change("module.m.aws_default_security_group.it", after_unknown={"vpc_id": True}),
        root={"module_calls": {"m": {"expressions": argument, "module": module}}},
    )

    assert bool(plan.adopted) == ("references" not in argument.get("vpc", {}))


def test_vpc_of_same_name_in_another_module_does_not_count() -> None:
    plan = planned(
        change("module.m.aws_vpc.it"),
        change("aws_default_security_group.it", after_unknown={"vpc_id": True}),
        root={"resources": [resource("aws_default_security_group.it", vpc_id=refer("aws_vpc.it.id", "aws_vpc.it"))]},
    )

    assert plan.adopted == ["aws_default_security_group.it"]


def test_default_of_known_vpc_is_adopted_unless_state_lists_the_vpc() -> None:
    vpc = {"id": "vpc-1", "default_network_acl_id": "acl-1", "default_route_table_id": "rtb-1"}
    plan = planned(
        change("aws_vpc.ours", NO_OP, before=vpc),
        change("aws_vpc_dhcp_options_association.theirs", NO_OP, before={"id": "vpc-2"}),
        change("aws_default_security_group.ours", after={"vpc_id": "vpc-1"}),
        change("aws_default_network_acl.ours", after={"default_network_acl_id": "acl-1"}),
        change("aws_default_route_table.ours", after={"default_route_table_id": "rtb-1"}),
        change("aws_default_security_group.theirs", after={"vpc_id": "vpc-2"}),
        change("aws_default_network_acl.theirs", after={"default_network_acl_id": "acl-2"}),
        change("aws_default_route_table.theirs", REPLACE, after={"default_route_table_id": "rtb-2"}),
    )

    assert plan.adopted == [
        "aws_default_security_group.theirs",
        "aws_default_network_acl.theirs",
        "aws_default_route_table.theirs",
    ]


def test_account_defaults_are_always_adopted() -> None:
    types = ["aws_default_vpc", "aws_default_subnet", "aws_default_vpc_dhcp_options"]
    plan = planned(
        *(change(f"{type_}.it", after_unknown={"id": True, "vpc_id": True}) for type_ in types),
        change("aws_default_vpc.kept", NO_OP),
        change("aws_vpc.it", after_unknown={"id": True}),
        {**change("data.aws_default_vpc.read"), "mode": "data"},
    )

    assert plan.adopted == [f"{type_}.it" for type_ in types]

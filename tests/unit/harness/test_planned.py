"""Reads creations, imports, adopted defaults, Regions and accounts from saved plans as Terraform 1.11 writes them."""

from collections.abc import Sequence
from typing import Any

import pytest

from harness.planned import Creation, Planned, Provider

FULL_NAME = "registry.terraform.io/hashicorp/aws"
CREATE, REPLACE, REPLACE_FIRST = ["create"], ["delete", "create"], ["create", "delete"]
UPDATE, DELETE, NO_OP = ["update"], ["delete"], ["no-op"]
# What `terraform console` answers; an expression that is not here is known after apply only.
VALUES = {
    "local.here": "eu-west-1",
    "var.region": "us-west-2",
    "var.geo": "eu",
    'var.regions["main"]': "eu-north-1",
    "var.flag": True,
    "var.accounts": ["111111111111", "222222222222"],
    "var.account": "111111111111",
    '"${local.here}"': "eu-west-1",
    '"${var.geo}-west-3"': "eu-west-3",
    '"${var.regions["main"]}"': "eu-north-1",
    '"${lower("EU-WEST-2")}"': "eu-west-2",
    '"%{ if true }eu-west-2%{ endif }"': "eu-west-2",
    '"${var.account}"': "111111111111",
    '"${var.accounts}"': ["111111111111", "222222222222"],
}


def change(address: str, actions: Sequence[str] = CREATE, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """An entry of `resource_changes`; `before`, `after`, `after_unknown` and `importing` belong to its change."""
    *modules, type_, name = address.partition("[")[0].split(".") if "module." not in address else address.split(".")
    inner = {name: more.pop(name) for name in ("before", "after", "after_unknown", "importing") if name in more}
    return {
        "address": address,
        **({"module_address": ".".join(modules)} if modules else {}),
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_name": FULL_NAME,
        "change": {"actions": list(actions), "before": None, "after": {}, "after_unknown": {}, **inner},
        **more,
    }


def resource(address: str, key: str = "aws", /, **expressions: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A resource of the configuration."""
    type_, name = address.split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_config_key": key,
        "expressions": expressions,
    }


def provider(**expressions: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"name": "aws", "full_name": FULL_NAME, "expressions": expressions}


def planned(*changes: dict[str, Any], root: dict[str, Any] | None = None, **providers: dict[str, Any]) -> Planned:
    configuration = {"provider_config": providers, "root_module": root or {}}
    return Planned({"resource_changes": list(changes), "configuration": configuration}, VALUES.get)


def refer(*references: str) -> dict[str, Any]:
    return {"references": list(references)}


def constant(value: object, *references: str) -> dict[str, Any]:
    return {"constant_value": value, **(refer(*references) if references else {})}


def test_empty_plan_has_no_effect() -> None:
    empty = Planned({})

    assert (empty.imported, empty.adopted, empty.providers(), list(empty.creations("us-east-1"))) == ([], [], [], [])
    assert (empty.addresses(frozenset()), empty.listed(["us-east-1"])) == (frozenset(), frozenset())
    assert empty.regions("us-east-1") == ("us-east-1",)


def test_created_and_replaced_resources_are_recorded() -> None:
    plan = planned(
        change('aws_sqs_queue.created["a.b"]'),
        change("aws_sqs_queue.replaced", REPLACE),
        change("aws_sqs_queue.replaced_first", REPLACE_FIRST),
        change("terraform_data.created"),
        change("aws_sqs_queue.updated", UPDATE),
        change("aws_sqs_queue.deleted", DELETE),
        change("aws_sqs_queue.kept", NO_OP),
        change("aws_sqs_queue.deposed", DELETE, deposed="0a1b2c3d"),
        {**change("data.aws_vpc.read", ["read"]), "mode": "data"},
        {**change("data.aws_vpc.created"), "mode": "data"},
    )

    assert plan.addresses(frozenset()) == {
        'aws_sqs_queue.created["a.b"]',
        "aws_sqs_queue.replaced",
        "aws_sqs_queue.replaced_first",
        "terraform_data.created",
    }


def test_resource_moved_from_recorded_address_is_recorded() -> None:
    plan = planned(
        change('module.n["k"].aws_sqs_queue.x', NO_OP, previous_address="module.m.aws_sqs_queue.x"),
        change("aws_sqs_queue.updated", UPDATE, previous_address="aws_sqs_queue.old[0]"),
        change("aws_sqs_queue.theirs", NO_OP, previous_address="aws_sqs_queue.unknown"),
    )

    known = frozenset({"module.m.aws_sqs_queue.x", "aws_sqs_queue.old[0]"})
    assert plan.addresses(known) == {'module.n["k"].aws_sqs_queue.x', "aws_sqs_queue.updated"}


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


@pytest.mark.parametrize(
    ("expressions", "region", "is_known"),
    [
        ({}, None, True),
        ({"region": constant("us-gov-west-1")}, "us-gov-west-1", True),
        ({"region": refer("var.region")}, "us-west-2", True),
        ({"region": refer("local.here")}, "eu-west-1", True),
        ({"region": refer('var.regions["main"]', "var.regions")}, "eu-north-1", True),
        ({"region": constant("${local.here}", "local.here")}, "eu-west-1", True),
        ({"region": constant("${var.geo}-west-3", "var.geo")}, "eu-west-3", True),
        ({"region": constant('${var.regions["main"]}', 'var.regions["main"]', "var.regions")}, "eu-north-1", True),
        ({"region": constant('${lower("EU-WEST-2")}')}, "eu-west-2", True),
        ({"region": constant("%{ if true }eu-west-2%{ endif }")}, "eu-west-2", True),
        ({"region": refer("var.geo")}, None, False),
        ({"region": refer("var.flag")}, None, False),
        ({"region": refer("var.region", "var.geo")}, None, False),
        ({"region": refer("var.region", "var.reg")}, None, False),
        ({"region": refer("data.aws_region.here.name", "data.aws_region.here")}, None, False),
        ({"region": constant("${data.x.y.z}", "data.x.y.z", "data.x.y")}, None, False),
        ({"region": constant(7)}, None, False),
    ],
)
def test_provider_region_is_constant_variable_local_or_unknown(
    expressions: dict[str, Any], region: str | None, *, is_known: bool
) -> None:
    """The plan of HCL shows `"${var.geo}-west-1"` and `var.geo` alike. Only a valid Region counts."""
    plan = planned(aws=provider(**expressions))

    assert plan.providers() == [Provider(key="aws", region=region, is_known=is_known, credentials=(), accounts=())]


@pytest.mark.parametrize(
    ("expression", "accounts"),
    [
        (constant(["111111111111", "333333333333"]), ("111111111111", "333333333333")),
        (refer("var.accounts"), ("111111111111", "222222222222")),
        (constant("${var.accounts}", "var.accounts"), ("111111111111", "222222222222")),
        (constant(["${var.account}", "333333333333"], "var.account"), ("111111111111", "333333333333")),
        (constant(["${var.unknown}"], "var.unknown"), ("None",)),
        (refer("var.account"), ()),
        (refer("var.account", "var.accounts"), ()),
        (constant("111111111111"), ()),
        (constant([]), ()),
    ],
)
def test_provider_accounts_are_its_allowed_account_ids(expression: dict[str, Any], accounts: tuple[str, ...]) -> None:
    """The plan of HCL shows `[var.account, "3"]` and `var.account` alike. A string does not count as a list."""
    (found,) = planned(aws=provider(allowed_account_ids=expression)).providers()

    assert found.accounts == accounts


def test_provider_lists_settings_that_may_lead_to_another_account() -> None:
    settings = ("access_key", "assume_role", "assume_role_with_web_identity", "profile")
    files = ("shared_config_files", "shared_credentials_files")
    other = ("region", "default_tags", "max_retries")
    (found,) = planned(aws=provider(**dict.fromkeys([*other, *files, *settings], constant("x")))).providers()

    assert found.credentials == (*settings, *files)


def test_aws_providers_are_listed_with_the_default_first() -> None:
    implied = {"name": "aws", "full_name": FULL_NAME}
    other = {"name": "random", "full_name": "registry.terraform.io/hashicorp/random"}
    plan = planned(
        **{"a": other, "aa.west": provider(), "aws.west": provider(), "aws": implied, "module.m:aws": implied}
    )

    assert [found.key for found in plan.providers()] == ["aws", "aa.west", "aws.west", "module.m:aws"]


def module_provider(address: str, **expressions: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {**provider(**expressions), "module_address": address}


@pytest.mark.parametrize(
    ("argument", "region"),
    [
        ({"where": constant("eu-north-1")}, "eu-north-1"),
        ({"where": refer("local.here")}, "eu-west-1"),
        ({"where": constant("${local.here}", "local.here")}, "eu-west-1"),
        ({"where": refer("aws_x.y.z", "aws_x.y")}, None),
        ({}, "sa-east-1"),
    ],
)
def test_provider_in_module_uses_the_module_arguments(argument: dict[str, Any], region: str | None) -> None:
    """The root module has a variable of the same name with another value."""
    deep: dict[str, Any] = {"variables": {"region": {}}}
    calls = {"deep": {"expressions": {"region": refer("var.where")}, "module": deep}}
    module = {"variables": {"where": {"default": "sa-east-1"}}, "module_calls": calls}
    root = {"module_calls": {"m": {"expressions": argument, "module": module}}}
    key, address = "module.m.module.deep:aws", "module.m.module.deep"

    hcl = planned(root=root, **{key: module_provider(address, region=refer("var.region"))})
    json = planned(root=root, **{key: module_provider(address, region=constant("${var.region}", "var.region"))})

    wanted = Provider(key=key, region=region, is_known=region is not None, credentials=(), accounts=())
    assert (hcl.providers(), json.providers()) == ([wanted], [wanted])


@pytest.mark.parametrize(
    "expression",
    [
        constant("${var.region}-1", "var.region"),
        constant("${local.here}"),
        refer("local.here"),
        refer("var.region", "var.geo"),
        constant(["${var.region}"], "var.region"),
    ],
)
def test_other_expressions_in_a_module_are_unknown(expression: dict[str, Any]) -> None:
    """Terraform's console evaluates the expressions of the root module only."""
    root = {"module_calls": {"m": {"expressions": {"region": constant("eu-west-1")}, "module": {}}}}

    (found,) = planned(root=root, **{"module.m:aws": module_provider("module.m", region=expression)}).providers()

    assert (found.region, found.is_known) == (None, False)


def test_accounts_in_module_use_the_module_arguments() -> None:
    """The root module has a variable of the same name that lists other accounts."""
    call = {"expressions": {"accounts": constant(["999999999999"])}, "module": {}}
    key = module_provider("module.m", allowed_account_ids=refer("var.accounts"))

    (found,) = planned(root={"module_calls": {"m": call}}, **{"module.m:aws": key}).providers()

    assert found.accounts == ("999999999999",)


def test_each_expression_is_evaluated_once() -> None:
    """Each evaluation starts a Terraform process."""
    asked: list[str] = []
    configuration = {"provider_config": {"aws": provider(region=refer("local.here"))}}
    plan = Planned({"configuration": configuration}, asked.append)

    plan.regions("us-east-1")
    plan.providers()

    assert asked == ["local.here"]


def test_regions_are_of_providers_and_resources_with_the_default_first() -> None:
    plan = planned(
        change("aws_sqs_queue.v6", after={"region": "ap-south-1"}),
        change("google_pubsub_topic.other", after={"region": "europe-west1"}),
        change("aws_sqs_queue.kept", NO_OP, after={"region": "ca-central-1"}),
        change("aws_sqs_queue.gone", DELETE, after=None, before={"region": "ca-west-1"}),
        **{
            "aws.a": provider(region=constant("eu-west-1")),
            "aws": provider(),
            "aws.b": provider(region=constant("us-east-1")),
            "aws.c": provider(region=refer("data.x.y.z")),
        },
    )

    assert plan.regions("us-east-1") == ("us-east-1", "eu-west-1", "ap-south-1")


def queue(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"name": name, **more}


def test_creations_are_new_resources_with_a_known_name() -> None:
    plan = planned(
        change("aws_sqs_queue.new", after=queue("orders")),
        change("aws_sqs_queue.generated", after={}, after_unknown={"name": True}),
        change("aws_vpc.unnamed", after={}, after_unknown={"id": True}),
        change("aws_sqs_queue_policy.no_kind", after={"id": "x"}),
        change("terraform_data.other", after={"name": "x"}),
        change("aws_sqs_queue.updated", UPDATE, before=queue("u"), after=queue("u")),
        change("aws_sqs_queue.kept", NO_OP, before=queue("k"), after=queue("k")),
        change("aws_sqs_queue.deleted", DELETE, before=queue("d"), after=None),
        {**change("data.aws_sqs_queue.read", after=queue("r")), "mode": "data"},
    )

    assert list(plan.creations("us-east-1")) == [
        Creation(address="aws_sqs_queue.new", kind="queue", name="orders", regions=())
    ]


@pytest.mark.parametrize("actions", [REPLACE, REPLACE_FIRST])
def test_replacement_with_new_name_or_region_is_a_creation(actions: list[str]) -> None:
    """A new name forces a replacement. PutMetricAlarm overwrites an existing alarm of that name."""
    plan = planned(
        change("aws_sqs_queue.same", actions, before=queue("same"), after=queue("same")),
        change("aws_sqs_queue.renamed", actions, before=queue("old"), after=queue("new")),
        change(
            "aws_sqs_queue.was_moved",
            actions,
            before=queue("a", region="eu-west-1"),
            after=queue("a", region="eu-west-2"),
        ),
    )

    assert list(plan.creations("us-east-1")) == [
        Creation(address="aws_sqs_queue.renamed", kind="queue", name="new", regions=()),
        Creation(address="aws_sqs_queue.was_moved", kind="queue", name="a", regions=("eu-west-2",)),
    ]


def test_creation_has_the_region_of_its_provider() -> None:
    inner = {"resources": [resource("aws_sqs_queue.deep", "aws.west"), resource("aws_sns_topic.deep", "module.a:aws")]}
    module = {"module_calls": {"b": {"module": inner}}}
    plan = planned(
        change("aws_sqs_queue.default", after=queue("default")),
        change("aws_sqs_queue.west", after=queue("west")),
        change("aws_sqs_queue.computed", after=queue("computed")),
        change("aws_sqs_queue.own", after=queue("own", region="ca-west-1")),
        {
            **change("module.b.aws_sqs_queue.deep", after=queue("deep")),
            "address": 'module.a["x.y[0]\\"]"].module.b[0].aws_sqs_queue.deep[1]',
            "module_address": 'module.a["x.y[0]\\"]"].module.b[0]',
        },
        change("module.a.module.b.aws_sns_topic.deep", after={"name": "topic"}),
        root={
            "resources": [
                {**resource("aws_sqs_queue.west", "aws"), "mode": "data"},
                resource("aws_sqs_queue.default"),
                resource("aws_sqs_queue.west", "aws.west"),
                resource("aws_sqs_queue.computed", "aws.computed"),
                resource("aws_sqs_queue.own", "aws.west"),
            ],
            "module_calls": {"a": {"module": module}},
        },
        **{
            "aws": provider(),
            "aws.west": provider(region=constant("us-west-2")),
            "aws.computed": provider(region=refer("data.x.y.z")),
            "module.a:aws": module_provider("module.a", region=constant("eu-west-1")),
        },
    )

    assert {creation.name: creation.regions for creation in plan.creations("us-east-1")} == {
        "default": ("us-east-1",),
        "west": ("us-west-2",),
        "computed": (),
        "own": ("ca-west-1",),
        "deep": ("us-west-2",),
        "topic": ("eu-west-1",),
    }


def test_listed_names_are_those_in_the_state_before_apply() -> None:
    arn = "arn:aws:sqs:eu-west-1:000000000000:generated"
    plan = planned(
        change("aws_sqs_queue.kept", NO_OP, before=queue("generated", arn=arn), after=queue("generated", arn=arn)),
        change("aws_cloudwatch_dashboard.replaced", REPLACE, before={"dashboard_name": "old"}),
        change("aws_s3_bucket.deleted", DELETE, before={"bucket": "b"}, after=None),
        change("aws_sqs_queue.new", after=queue("new")),
        {**change("data.aws_sqs_queue.read", ["read"], before=queue("read")), "mode": "data"},
    )

    assert plan.listed(["us-east-1"]) == {
        ("queue", "generated", "eu-west-1"),
        ("dashboard", "old", "us-east-1"),
        ("bucket", "b", ""),
    }

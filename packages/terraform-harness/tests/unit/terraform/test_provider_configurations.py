"""Reads the Regions, the accounts and the credential settings of AWS providers from a saved plan."""

from typing import Any

import pytest

from harness_support.planned_json import (
    DELETE,
    FULL_NAME,
    NO_OP,
    change,
    constant,
    module_provider,
    planned,
    provider,
    refer,
)
from terraform_harness.terraform.plan_configuration import ProviderConfiguration
from terraform_harness.terraform.saved_plan import SavedPlan


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

    assert plan.providers() == [
        ProviderConfiguration(key="aws", region=region, is_known=is_known, credentials=(), accounts=())
    ]


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

    wanted = ProviderConfiguration(key=key, region=region, is_known=region is not None, credentials=(), accounts=())
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
    plan = SavedPlan({"configuration": configuration}, asked.append)

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

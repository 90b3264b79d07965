"""The gateway and interface endpoints, and what they let through."""

import pytest

from terraform_harness.template import ABSENT, Resource, Template, attribute, matching


def endpoint(template: Template, service: str) -> Resource:
    return template.only("aws_vpc_endpoint", {"service_name": matching(rf"com\.amazonaws\..*\.{service}")})


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_dynamodb_and_s3_have_gateways_in_the_route_table(any_pipeline: Template, service: str) -> None:
    gateway = endpoint(any_pipeline, service)

    assert gateway["vpc_endpoint_type"] == "Gateway"
    assert [each.type for each in any_pipeline.resolve(gateway["route_table_ids"][0])] == ["aws_route_table"]


@pytest.mark.parametrize("service", ["kinesis-streams", "kms", "logs", "lambda"])
def test_the_four_services_have_interfaces_with_private_dns_in_every_subnet(pipeline: Template, service: str) -> None:
    interface = endpoint(pipeline, service)

    assert interface["vpc_endpoint_type"] == "Interface"
    assert interface["private_dns_enabled"] is True
    assert sorted(pipeline.resolve(reference)[0].address for reference in interface["subnet_ids"]) == sorted(
        subnet.address for subnet in pipeline.resources("aws_subnet")
    )


def test_there_are_no_other_endpoints(pipeline: Template) -> None:
    pipeline.count("aws_vpc_endpoint", 6)


def test_interfaces_are_a_setting(minimal: Template) -> None:
    minimal.count("aws_vpc_endpoint", 2)
    minimal.lacks("aws_vpc_endpoint", {"vpc_endpoint_type": "Interface"})


def test_every_interface_is_behind_the_endpoints_own_group(pipeline: Template) -> None:
    group = pipeline.only("aws_security_group", {"name": "vpc-endpoint-sg-dev"})

    for interface in pipeline.resources("aws_vpc_endpoint"):
        if interface["vpc_endpoint_type"] == "Interface":
            assert interface["security_group_ids"] == [f"${{{group.address}.id}}"]


def test_the_services_are_those_of_the_deployments_region(pipeline: Template) -> None:
    region = pipeline.only("data.aws_region").address

    pipeline.every(
        "aws_vpc_endpoint", {"service_name": matching(rf"com\.amazonaws\.\$\{{{region}\.name\}}\.[a-z0-9-]+")}
    )


@pytest.mark.parametrize(
    ("service", "actions", "resources"),
    [
        ("dynamodb", ["dynamodb:*"], [":table/transactions-dev", ":table/transactions-dev/index/*"]),
        ("s3", ["s3:*"], [":::transaction-quarantine-dev-{account}", ":::transaction-quarantine-dev-{account}/*"]),
        ("kinesis-streams", ["kinesis:*"], [":stream/transaction-stream-dev"]),
        ("kms", ["kms:*"], ["{key}"]),
        ("lambda", ["lambda:*"], [":function:transaction-processor-dev"]),
        ("logs", ["logs:*"], [":log-group:/aws/lambda/transaction-processor-dev:*"]),
    ],
)
def test_an_endpoint_lets_through_only_this_account_to_our_resources(
    pipeline: Template, service: str, actions: list[str], resources: list[str]
) -> None:
    account = f"${{{pipeline.only('data.aws_caller_identity').address}.account_id}}"
    key = f"${{{pipeline.only('aws_kms_key').address}.arn}}"

    statements = endpoint(pipeline, service).statements()

    assert set(statements) == {"OnlyOurResources"}
    only = statements["OnlyOurResources"]
    assert (only["Effect"], only["Principal"], only["Action"]) == ("Allow", "*", actions)
    assert only["Condition"] == {"StringEquals": {"aws:PrincipalAccount": account}}
    for found, ending in zip(only["Resource"], resources, strict=True):
        assert found.endswith(ending.format(account=account, key=key))


def test_every_endpoint_is_in_the_vpc_and_has_a_name(pipeline: Template) -> None:
    pipeline.every(
        "aws_vpc_endpoint",
        {
            "vpc_id": attribute("aws_vpc", "id"),
            "tags": {"Name": matching("transaction-(dynamodb|s3|kinesis-streams|kms|lambda|logs)-dev")},
            "auto_accept": ABSENT,
        },
    )

"""The gateway and interface endpoints, and their policies."""

import pytest

from iam_policy_evaluator import Principal, Request, evaluate
from terraform_harness.template import ABSENT, Resource, Template, attribute, matching
from tests.unit.modules.decisions import ACCOUNT, ANOTHER_ACCOUNT, BUCKET, KEY, arn, policy_of

# One request of the pipeline through each endpoint, and the same request on a resource of another system.
REQUESTS = {
    "dynamodb": (
        "dynamodb:PartiQLInsert",
        arn("dynamodb", "table/transactions-dev"),
        arn("dynamodb", "table/transactions-prod"),
    ),
    "s3": ("s3:PutObject", f"{BUCKET}/rejected/1", "arn:aws:s3:::elsewhere/rejected/1"),
    "kinesis-streams": (
        "kinesis:GetRecords",
        arn("kinesis", "stream/transaction-stream-dev"),
        arn("kinesis", "stream/transaction-stream-prod"),
    ),
    "kms": ("kms:Decrypt", KEY, arn("kms", "key/2")),
    "lambda": (
        "lambda:InvokeFunction",
        arn("lambda", "function:transaction-processor-dev:live-dev"),
        arn("lambda", "function:transaction-processor-prod:live-prod"),
    ),
    "logs": (
        "logs:PutLogEvents",
        arn("logs", "log-group:/aws/lambda/transaction-processor-dev:log-stream:1"),
        arn("logs", "log-group:/aws/lambda/transaction-processor-prod:log-stream:1"),
    ),
}


def endpoint(template: Template, service: str) -> Resource:
    return template.only("aws_vpc_endpoint", {"service_name": matching(rf"com\.amazonaws\..*\.{service}")})


def endpoint_allows(template: Template, service: str, action: str, resource: str, *, account: str) -> bool:
    """Return whether an endpoint's policy allows the request of a role of an account."""
    request = Request(
        action=action,
        resource=resource,
        principal=Principal("AWS", f"arn:aws:iam::{account}:role/any"),
        context={"aws:PrincipalAccount": account},
    )
    return evaluate(request, resource=policy_of(template, endpoint(template, service))).allowed


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_gateway_is_in_the_route_table(any_pipeline: Template, service: str) -> None:
    gateway = endpoint(any_pipeline, service)

    assert gateway["vpc_endpoint_type"] == "Gateway"
    assert [each.type for each in any_pipeline.resolve(gateway["route_table_ids"][0])] == ["aws_route_table"]


@pytest.mark.parametrize("service", ["kinesis-streams", "kms", "logs", "lambda"])
def test_interface_has_private_dns_in_every_subnet(pipeline: Template, service: str) -> None:
    interface = endpoint(pipeline, service)

    assert interface["vpc_endpoint_type"] == "Interface"
    assert interface["private_dns_enabled"] is True
    assert sorted(pipeline.resolve(reference)[0].address for reference in interface["subnet_ids"]) == sorted(
        subnet.address for subnet in pipeline.resources("aws_subnet")
    )


def test_there_is_no_other_endpoint(pipeline: Template) -> None:
    pipeline.count("aws_vpc_endpoint", 6)


def test_interface_endpoints_are_a_setting(minimal: Template) -> None:
    minimal.count("aws_vpc_endpoint", 2)
    minimal.lacks("aws_vpc_endpoint", {"vpc_endpoint_type": "Interface"})


def test_interfaces_use_the_endpoints_security_group(pipeline: Template) -> None:
    group = pipeline.only("aws_security_group", {"name": "vpc-endpoint-sg-dev"})

    for interface in pipeline.resources("aws_vpc_endpoint"):
        if interface["vpc_endpoint_type"] == "Interface":
            assert interface["security_group_ids"] == [f"${{{group.address}.id}}"]


def test_services_are_those_of_the_deployments_region(pipeline: Template) -> None:
    region = pipeline.only("data.aws_region").address

    pipeline.every(
        "aws_vpc_endpoint", {"service_name": matching(rf"com\.amazonaws\.\$\{{{region}\.name\}}\.[a-z0-9-]+")}
    )


@pytest.mark.parametrize("service", REQUESTS)
def test_endpoint_allows_this_account_on_own_resources(pipeline: Template, service: str) -> None:
    action, own, other = REQUESTS[service]

    assert endpoint_allows(pipeline, service, action, own, account=ACCOUNT)
    assert not endpoint_allows(pipeline, service, action, other, account=ACCOUNT)
    assert not endpoint_allows(pipeline, service, action, own, account=ANOTHER_ACCOUNT)


@pytest.mark.parametrize("service", REQUESTS)
def test_endpoint_allows_only_its_service(pipeline: Template, service: str) -> None:
    prefix = REQUESTS[service][0].partition(":")[0]

    actions = [
        action for statement in endpoint(pipeline, service).statements().values() for action in statement["Action"]
    ]

    assert actions == [f"{prefix}:*"]


def test_endpoints_are_in_the_vpc_and_have_a_name(pipeline: Template) -> None:
    pipeline.every(
        "aws_vpc_endpoint",
        {
            "vpc_id": attribute("aws_vpc", "id"),
            "tags": {"Name": matching("transaction-(dynamodb|s3|kinesis-streams|kms|lambda|logs)-dev")},
            "auto_accept": ABSENT,
        },
    )

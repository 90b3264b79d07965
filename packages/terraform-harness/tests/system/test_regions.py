"""Clients and the search for leftovers use the Regions of the provider configurations."""

import pytest

from harness_support.sessions import message_of, runs_of, write_project
from terraform_harness.deployments.sweep import sweep
from terraform_harness.targets.target import Target

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")

TESTS = """
def test_clients_follow_the_provider(deployment):
    target = deployment.target
    assert target.regions == ("ap-south-1", "eu-west-1"), target.regions
    for region in (None, "eu-west-1"):
        topics = [topic["TopicArn"] for topic in target.client("sns", region).list_topics()["Topics"]]
        assert deployment.output("near" if region is None else "far") in topics
    target.client("sns", "eu-west-1").create_topic(Name=f"forgotten-{deployment.run.suffix}")
"""


def test_regions_come_from_the_providers(
    pytester: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(target.endpoint))
    configuration = {
        "locals": {"home": "ap-south-1"},
        "provider": {"aws": [{"region": "${local.home}"}, {"alias": "far", "region": "eu-west-1"}]},
        "resource": {
            "aws_sns_topic": {"near": {"name_prefix": "near-"}, "far": {"name_prefix": "far-", "provider": "aws.far"}}
        },
        "output": {name: {"value": f"${{aws_sns_topic.{name}.arn}}"} for name in ("near", "far")},
    }
    write_project(pytester.path, configuration, TESTS)

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=1, errors=1)
    assert message_of(result, "LeftoverError") == (
        "1 resource is left after destroy:\ntopic forgotten-SUFFIX\nDelete it with: terraform-harness destroy RUN"
    )
    (run,) = runs_of(pytester)
    assert [(each.kind, each.region) for each in sweep(run, target).deleted] == [("topic", "eu-west-1")]
    topics = target.client("sns", "eu-west-1").list_topics()["Topics"]
    assert [topic for topic in topics if run.suffix in topic["TopicArn"]] == []

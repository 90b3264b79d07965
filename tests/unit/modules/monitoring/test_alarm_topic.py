"""The topic that the alarms tell."""

from terraform_harness.template import Template


def test_only_this_environments_alarms_publish_to_the_topic_and_only_over_tls(pipeline: Template) -> None:
    topic = f"${{{pipeline.only('aws_sns_topic').address}.arn}}"
    account = f"${{{pipeline.only('data.aws_caller_identity').address}.account_id}}"
    region = f"${{{pipeline.only('data.aws_region').address}.name}}"
    partition = f"${{{pipeline.only('data.aws_partition').address}.partition}}"

    assert pipeline.only("aws_sns_topic_policy").statements() == {
        "AlarmsPublish": {
            "Sid": "AlarmsPublish",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["sns:Publish"],
            "Resource": [topic],
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:cloudwatch:{region}:{account}:alarm:*-dev"},
            },
        },
        "OnlyOverTls": {
            "Sid": "OnlyOverTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["sns:Publish"],
            "Resource": [topic],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    }


def test_from_every_alarm_the_way_to_the_topic_and_through_its_key_is_open(any_pipeline: Template) -> None:
    for each in any_pipeline.resources("aws_cloudwatch_*_alarm"):
        (topic,) = any_pipeline.resolve(each["alarm_actions"][0])
        (key,) = any_pipeline.resolve(topic["kms_master_key_id"])
        grant = key.statements()["AlarmsPublishToTheTopic"]
        pattern = grant["Condition"]["ArnLike"]["aws:SourceArn"].rpartition(":")[2].lstrip("*")

        assert topic["name"] in {"transaction-alarms-dev", "transaction-alarms-prod"}
        assert each["alarm_name"].endswith(pattern)
        assert grant["Principal"] == {"Service": "cloudwatch.amazonaws.com"}

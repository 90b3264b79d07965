"""Names, prefixes and tags."""

from datetime import UTC, datetime

import pytest

from lambda_src.transaction_processor import quarantine
from modules.naming import REJECTED_PREFIX, Names, tags

LONGEST = Names(suffix="x" * 20, account_id="1" * 12)


def test_names_are_those_of_the_contract() -> None:
    """Operators and other systems know these names, so a change breaks them."""
    names = Names(suffix="dev", account_id="111122223333")

    assert vars(names) == {
        "suffix": "dev",
        "vpc": "transaction-vpc-dev",
        "subnets": ("transaction-private-1-dev", "transaction-private-2-dev", "transaction-private-3-dev"),
        "function_group": "lambda-sg-dev",
        "endpoint_group": "vpc-endpoint-sg-dev",
        "flow_log_group": "/aws/vpc/transaction-flow-logs-dev",
        "flow_log_role": "transaction-flow-logs-role-dev",
        "flow_log_policy": "transaction-flow-logs-policy-dev",
        "key_alias": "alias/transaction-key-dev",
        "stream": "transaction-stream-dev",
        "ledger": "transactions-dev",
        "scaling_policy": "transactions-utilization-dev",
        "function": "transaction-processor-dev",
        "function_alias": "live-dev",
        "function_log_group": "/aws/lambda/transaction-processor-dev",
        "function_role": "lambda-transaction-processor-role-dev",
        "function_policy": "lambda-transaction-processor-policy-dev",
        "quarantine_bucket": "transaction-quarantine-dev-111122223333",
        "quarantine_rule": "transaction-quarantine-dev",
        "dead_letter_queue": "transaction-dead-letter-dev",
        "health_alarm": "pipeline-health-dev",
        "alarm_topic": "transaction-alarms-dev",
        "dashboard": "transaction-pipeline-dev",
    }
    assert names.alarm("lambda-errors") == "lambda-errors-dev"
    assert names.endpoint("kms") == "transaction-kms-dev"


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        (LONGEST.quarantine_bucket, 63),
        (LONGEST.function, 64),
        (LONGEST.function_alias, 128),
        (LONGEST.function_role, 64),
        (LONGEST.flow_log_role, 64),
        (LONGEST.quarantine_rule, 64),
        (LONGEST.dead_letter_queue, 80),
        (LONGEST.stream, 128),
        (LONGEST.function_policy, 128),
        (LONGEST.flow_log_policy, 128),
        (LONGEST.function_group, 255),
        (LONGEST.ledger, 255),
    ],
)
def test_name_with_the_longest_suffix_fits(name: str, limit: int) -> None:
    assert len(name) <= limit


def test_function_writes_below_the_rejected_prefix() -> None:
    """The function's package cannot import modules, so it has a constant of its own."""
    assert quarantine.REJECTED_PREFIX == REJECTED_PREFIX


def test_tags_of_a_test_run_have_its_id_and_expiry() -> None:
    found = tags(
        suffix="dev", ephemeral=True, run_id="run-1", expires_at=datetime(2026, 11, 23, 20, 0, 0, 5, tzinfo=UTC)
    )

    assert found == {
        "Project": "secure-transaction-pipeline",
        "Environment": "dev",
        "Ephemeral": "true",
        "RunId": "run-1",
        "ExpiresAt": "2026-11-23T20:00:00+00:00",
    }

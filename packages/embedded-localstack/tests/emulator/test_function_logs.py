"""What stands in a function's log group."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from terraform_harness.polling import eventually

_LOGS = "https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"
_EMBEDDED = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"
_METRICS = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"


@pytest.fixture
def logged(client: Callable[[str], Any]) -> Callable[[str, int], list[str]]:
    logs = client("logs")

    def lines(function: str, invocations: int) -> list[str]:
        def messages() -> list[str]:
            answer = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")
            return [event["message"].rstrip("\n") for event in answer["events"]]

        return eventually(
            messages,
            until=lambda found: sum(line.startswith("REPORT") for line in found) == invocations,
            what=f"the log group of {function} has {invocations} REPORT lines",
            within=10,
            transient=(logs.exceptions.ResourceNotFoundException,),
        )

    return lines


@pytest.mark.documented(_LOGS)
def test_everything_written_is_in_the_log_group_in_order_between_start_and_report(
    make_function: Callable[..., str], invoke: Callable[..., Any], logged: Callable[[str, int], list[str]]
) -> None:
    function = make_function(
        """
        import logging
        import os
        import sys

        def handle(event, context):
            print("one, to standard output")
            print("two, to standard error", file=sys.stderr)
            logging.getLogger().warning("three, by logging")
            os.system("echo four, by a child")
            print("five")
        """
    )

    answer = invoke(function)

    lines = logged(function, 1)
    request_id = re.escape(answer.request_id)
    patterns = [
        rf"START RequestId: {request_id} Version: \$LATEST",
        "one, to standard output",
        "two, to standard error",
        rf"\[WARNING\]\t\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z\t{request_id}\tthree, by logging",
        "four, by a child",
        "five",
        rf"END RequestId: {request_id}",
        (
            rf"REPORT RequestId: {request_id}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB"
            r"\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms"
        ),
    ]
    assert len(lines) == len(patterns)
    assert [bool(re.fullmatch(pattern, line)) for pattern, line in zip(patterns, lines, strict=True)] == [True] * 8


@pytest.mark.documented(_LOGS)
def test_a_report_tells_real_duration_and_memory_and_the_init_duration_only_once(
    make_function: Callable[..., str], invoke: Callable[..., Any], logged: Callable[[str, int], list[str]]
) -> None:
    function = make_function(
        """
        import time

        def handle(event, context):
            kept = bytearray(event << 20)
            time.sleep(0.3)
        """,
        MemorySize=256,
    )

    invoke(function, 1)
    invoke(function, 100)

    first, second = (line for line in logged(function, 2) if line.startswith("REPORT"))
    durations = [float(found) for line in (first, second) for found in re.findall(r"\tDuration: ([\d.]+) ms", line)]
    memory = [int(found) for line in (first, second) for found in re.findall(r"Max Memory Used: (\d+) MB", line)]
    assert all(300 <= duration < 3_000 for duration in durations)
    assert memory[1] - memory[0] > 90
    assert ("Init Duration" in first, "Init Duration" in second) == (True, False)


@pytest.mark.documented(_LOGS)
def test_a_function_that_dies_leaves_its_last_words(
    make_function: Callable[..., str], invoke: Callable[..., Any], logged: Callable[[str, int], list[str]]
) -> None:
    function = make_function(
        """
        import os

        def handle(event, context):
            os.write(1, b"x" * 200_000 + b"\\nlast words without an end of line")
            os._exit(1)
        """
    )

    invoke(function)

    lines = logged(function, 1)
    assert [len(line) for line in lines[1:2]] == [200_000]
    assert lines[2] == "last words without an end of line"
    assert lines[3].startswith("END RequestId")


@pytest.mark.documented(_METRICS)
def test_function_errors_and_invocations_are_counted(
    client: Callable[[str], Any], make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function("import os\n\ndef handle(event, context):\n    event or os._exit(1)\n")

    for event in (0, 1, 1):
        invoke(function, event)

    cloudwatch = client("cloudwatch")
    for metric, expected in {"Errors": 1, "Invocations": 3}.items():
        eventually(
            lambda metric=metric: _sum(cloudwatch, "AWS/Lambda", metric, function),  # type: ignore[misc]  # bound now
            until=lambda total, expected=expected: total == expected,  # type: ignore[misc]  # the same
            what=f"{metric} of {function} sum up to {expected}",
            within=10,
        )


@pytest.mark.documented(_EMBEDDED)
def test_metrics_in_embedded_metric_format_reach_cloudwatch(
    client: Callable[[str], Any], make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        """
        import json
        import time

        def handle(event, context):
            print(json.dumps({
                "_aws": {
                    "Timestamp": round(time.time() * 1000),
                    "CloudWatchMetrics": [{
                        "Namespace": "Shop",
                        "Dimensions": [["FunctionName"]],
                        "Metrics": [{"Name": "Sold", "Unit": "Count"}],
                    }],
                },
                "FunctionName": context.function_name,
                "Sold": event,
            }))
        """
    )

    invoke(function, 3)
    invoke(function, 4)

    eventually(
        lambda: _sum(client("cloudwatch"), "Shop", "Sold", function),
        until=lambda total: total == 7,
        what=f"Sold of {function} sums up to 7",
        within=10,
    )


def _sum(cloudwatch: Any, namespace: str, metric: str, function: str) -> float:  # noqa: ANN401 - boto3 clients have no type of their own
    now = time.time()
    answer = cloudwatch.get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - 600,
        EndTime=now + 60,
        Period=60,
        Statistics=["Sum"],
    )
    total: float = sum(point["Sum"] for point in answer["Datapoints"])
    return total

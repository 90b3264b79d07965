"""The log group and the metrics of a function."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from embedded_localstack import LocalStack
from localstack_support.functions import Functions
from localstack_support.polling import eventually

_LOGS = "https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"
_EMBEDDED = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"
_METRICS = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"


@pytest.mark.documented(_LOGS)
def test_output_is_in_the_log_group_in_order_with_platform_lines(functions: Functions) -> None:
    function = functions.create(
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

    response = functions.invoke(function)

    lines = functions.log(function, invocations=1)
    request_id = re.escape(response.request_id)
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
def test_report_has_the_measured_duration_and_memory(functions: Functions) -> None:
    """Only the first report has an init duration."""
    function = functions.create(
        """
        import time

        def handle(event, context):
            kept = bytearray(event << 20)
            time.sleep(0.3)
        """,
        MemorySize=256,
    )

    functions.invoke(function, 1)
    functions.invoke(function, 100)

    first, second = (line for line in functions.log(function, invocations=2) if line.startswith("REPORT"))
    durations = [float(found) for line in (first, second) for found in re.findall(r"\tDuration: ([\d.]+) ms", line)]
    memory = [int(found) for line in (first, second) for found in re.findall(r"Max Memory Used: (\d+) MB", line)]
    assert all(300 <= duration < 3_000 for duration in durations)
    assert memory[1] - memory[0] > 90
    assert ("Init Duration" in first, "Init Duration" in second) == (True, False)


@pytest.mark.documented(_LOGS)
def test_last_output_of_a_crashed_function_is_in_the_log_group(functions: Functions) -> None:
    function = functions.create(
        """
        import os

        def handle(event, context):
            os.write(1, b"x" * 200_000 + b"\\nlast output without a newline")
            os._exit(1)
        """
    )

    functions.invoke(function)

    lines = functions.log(function, invocations=1)
    assert [len(line) for line in lines[1:2]] == [200_000]
    assert lines[2] == "last output without a newline"
    assert lines[3].startswith("END RequestId")


@pytest.mark.documented(_METRICS)
def test_errors_and_invocations_are_counted(localstack: LocalStack, functions: Functions) -> None:
    function = functions.create("import os\n\ndef handle(event, context):\n    event or os._exit(1)\n")

    for event in (0, 1, 1):
        functions.invoke(function, event)

    eventually(
        lambda: {metric: _sum(localstack, "AWS/Lambda", metric, function) for metric in ("Errors", "Invocations")},
        until=lambda sums: sums == {"Errors": 1, "Invocations": 3},
        what="one error and three invocations are counted",
        within=10,
    )


@pytest.mark.documented(_EMBEDDED)
def test_metrics_in_embedded_metric_format_are_published(localstack: LocalStack, functions: Functions) -> None:
    function = functions.create(
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

    functions.invoke(function, 3)
    functions.invoke(function, 4)

    eventually(
        lambda: _sum(localstack, "Shop", "Sold", function),
        until=lambda total: total == 7,
        what="the sum of the metric Sold is 7",
        within=10,
    )


def _sum(localstack: LocalStack, namespace: str, metric: str, function: str) -> float:
    now = datetime.now(UTC)
    response = localstack.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )
    return sum(point["Sum"] for point in response["Datapoints"])

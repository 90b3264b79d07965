"""Measures the CPU time of the function's cold start, relative to boto3 with one client.

Exits with 1 if the function adds more than a fifth to the time of boto3.
"""

import os
import subprocess
import sys
from statistics import median

ROUNDS = 10
ALLOWED = 1.2

_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "LEDGER_TABLE": "ledger",
    "QUARANTINE_BUCKET": "quarantine",
    "QUARANTINE_OWNER": "000000000000",
}
_TIMED = "import time; start = time.process_time(); {statements}; print(time.process_time() - start)"
_BASE = "boto3 and a DynamoDB client"
_FUNCTION = "the function, ready to store"
_STATEMENTS = {
    _BASE: "import boto3; boto3.client('dynamodb')",
    _FUNCTION: "from lambda_src.transaction_processor import handler; handler._dependencies()",
    "the function, ready to quarantine": (
        "from lambda_src.transaction_processor import handler; handler._dependencies(); handler._s3()"
    ),
}


def cpu_seconds(statements: str) -> float:
    """Return the CPU time of the statements in a new process, without the start of the interpreter."""
    run = subprocess.run(
        [sys.executable, "-c", _TIMED.format(statements=statements)],
        env=os.environ | _ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


def main() -> None:
    """Measure in alternating rounds, print the medians, and compare them with the limit."""
    rounds = [{name: cpu_seconds(statements) for name, statements in _STATEMENTS.items()} for _ in range(ROUNDS + 1)]
    # The first round fills the file cache and is not counted.
    medians = {name: median(round_[name] for round_ in rounds[1:]) for name in _STATEMENTS}
    print(f"CPU time of a cold start, medians of {ROUNDS} new processes:")
    for name, seconds in medians.items():
        print(f"  {name:34}{1000 * seconds:5.0f} ms")
    ratio = medians[_FUNCTION] / medians[_BASE]
    print(f"  the function takes {ratio:.2f} times as long as boto3 alone (limit {ALLOWED})")
    sys.exit(0 if ratio <= ALLOWED else 1)


if __name__ == "__main__":
    main()

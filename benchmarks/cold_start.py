"""What a new sandbox of the function costs before its first record, against boto3 and a client alone.

Exits with 1 if our own code and its imports add more than a fifth to what boto3 takes anyway.
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
_TIMED = "import time; began = time.process_time(); {work}; print(time.process_time() - began)"
_BASE = "boto3 and a DynamoDB client"
_FUNCTION = "the function, ready for a batch"
_WORKS = {
    _BASE: "import boto3; boto3.client('dynamodb')",
    _FUNCTION: "from lambda_src.transaction_processor import handler; handler._world()",
    "the function, ready to reject": (
        "from lambda_src.transaction_processor import handler; handler._world(); handler._s3()"
    ),
}


def cpu_seconds(work: str) -> float:
    """Return the CPU time that the work takes in a new process, after the interpreter has started."""
    run = subprocess.run(
        [sys.executable, "-c", _TIMED.format(work=work)],
        env=os.environ | _ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


def main() -> None:
    """Measure by turns, print, and judge."""
    rounds = [{name: cpu_seconds(work) for name, work in _WORKS.items()} for _ in range(ROUNDS + 1)]
    # The first round fills the file cache, and is not counted.
    medians = {name: median(round_[name] for round_ in rounds[1:]) for name in _WORKS}
    print(f"CPU time of a cold start, medians of {ROUNDS} new processes:")
    for name, seconds in medians.items():
        print(f"  {name:34}{1000 * seconds:5.0f} ms")
    ratio = medians[_FUNCTION] / medians[_BASE]
    print(f"  the function takes {ratio:.2f} times what boto3 takes anyway (allowed {ALLOWED})")
    sys.exit(0 if ratio <= ALLOWED else 1)


if __name__ == "__main__":
    main()

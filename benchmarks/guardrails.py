"""Measures the guardrails on the pipeline's stack and on a stack of 2,000 resources.

Run `python -m benchmarks.guardrails`. It prints seconds and peak memory, and exits with 1 if a target is missed.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from terraform_guardrails import check

PROJECT = Path(__file__).parents[1]
OWN_STACK = PROJECT / "cdktf.out" / "stacks" / "transaction-pipeline"
RESOURCES = 2_000
OWN_TARGET, LARGE_TARGET = 0.5, 3.0  # seconds


def main() -> int:
    """Measure both stacks, and return the exit code."""
    subprocess.run([sys.executable, "main.py"], cwd=PROJECT, check=True)
    own = seconds(OWN_STACK)
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder)
        count = write_large(json.loads((OWN_STACK / "cdk.tf.json").read_text()), large / "cdk.tf.json")
        many = seconds(large)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"guardrails: the pipeline's stack {own:.3f} s (target {OWN_TARGET} s)")
    print(f"guardrails: {count:,} resources {many:.2f} s (target {LARGE_TARGET} s), peak memory {memory:.0f} MiB")
    return 0 if own < OWN_TARGET and many < LARGE_TARGET else 1


def seconds(folder: Path) -> float:
    """Return the duration of one check. The first one also loads the catalogues and the grammar."""
    start = time.perf_counter()
    report = check([folder])
    elapsed = time.perf_counter() - start
    if report.errors:
        print(report.to_text())
        sys.exit(1)
    return elapsed


def write_large(stack: dict[str, Any], file: Path) -> int:
    """Write many copies of the stack into one configuration, each with its own addresses and names."""
    addresses = [name for named in stack["resource"].values() for name in named]
    merged: dict[str, dict[str, Any]] = {}
    copies = -(-RESOURCES // len(addresses))
    for number in range(copies):
        text = json.dumps(stack["resource"]).replace("-dev", f"-{number}-dev")
        for name in addresses:
            text = text.replace(name, f"{name}-{number}")
        for type_, named in json.loads(text).items():
            merged.setdefault(type_, {}).update(named)
    file.write_text(json.dumps({**stack, "resource": merged}))
    return len(addresses) * copies


if __name__ == "__main__":
    sys.exit(main())

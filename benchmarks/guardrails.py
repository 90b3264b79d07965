"""How long the guardrails take: our own stack, and one of 2,000 resources; prints seconds and peak memory.

Run with `python benchmarks/guardrails.py` after `python main.py`; fails where a target is missed.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
sys.path[0] = str(PROJECT)  # this file has the name of the package that it measures

from terraform_guardrails import check  # noqa: E402 - only now is it the package

OWN_STACK = PROJECT / "cdktf.out" / "stacks" / "transaction-pipeline"
RESOURCES = 2_000
OWN_TARGET, LARGE_TARGET = 0.5, 3.0  # seconds


def main() -> int:
    """Measure both, and say whether the targets were met."""
    subprocess.run([sys.executable, "main.py"], cwd=PROJECT, check=True)
    own = seconds(OWN_STACK)
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder)
        count = write_large(json.loads((OWN_STACK / "cdk.tf.json").read_text()), large / "cdk.tf.json")
        many = seconds(large)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"guardrails: our own stack {own:.3f} s (target {OWN_TARGET} s)")
    print(f"guardrails: {count:,} resources {many:.2f} s (target {LARGE_TARGET} s), peak memory {memory:.0f} MiB")
    return 0 if own < OWN_TARGET and many < LARGE_TARGET else 1


def seconds(folder: Path) -> float:
    """How long one check takes, catalogues and grammar included on the first."""
    start = time.perf_counter()
    report = check([folder])
    elapsed = time.perf_counter() - start
    if report.errors:
        print(report.to_text())
        sys.exit(1)
    return elapsed


def write_large(stack: dict[str, Any], file: Path) -> int:
    """Write copies of our own stack side by side in one configuration, each with addresses and names of its own."""
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

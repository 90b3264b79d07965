"""Builds `data/metrics.json` from aws-cdk-lib's canned metrics, which AWS generates from its console's metric lists.

Run with the unpacked npm package: `npm pack aws-cdk-lib && tar xzf aws-cdk-lib-*.tgz`, then
`python -m tools.catalogue.metrics package`. What it lacks and AWS documents is in `data/metrics_gaps.json`.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import terraform_guardrails

TARGET = Path(terraform_guardrails.__file__).parent / "data" / "metrics.json"

# The declaration of a method says its dimensions, the code what it returns; both name the method.
_DECLARED = re.compile(r"static (\w+)\((?:this: void, )?dimensions\??: (\{[^}]*\}|[^)]*)\): [^;]*?MetricWithDims")
_RETURNED = re.compile(
    r'static (\w+)\(dimensions\)\{(?:[^{}]|\{(?!namespace))*?return\s*\{namespace:"([^"]+)",metricName:"([^"]+)",'
    r'dimensionsMap:dimensions,statistic:"([^"]+)"'
)
_DIMENSION = re.compile(r"'?(\w[\w. /-]*?)'?: string")


def main(package: Path) -> None:
    """Write the catalogue, one metric a line."""
    version = json.loads((package / "package.json").read_text())["version"]
    metrics: dict[str, dict[str, tuple[str, list[list[str]]]]] = {}
    for namespace, name, statistic, dimensions in _canned_metrics(package):
        _, sets = metrics.setdefault(namespace, {}).setdefault(name, (statistic, []))
        if dimensions not in sets:
            sets.append(dimensions)
    lines = [
        f"    {json.dumps(f'{namespace} {name}')}: {json.dumps({'statistic': statistic, 'dimensions': sorted(sets)})}"
        for namespace, named in sorted(metrics.items())
        for name, (statistic, sets) in sorted(named.items())
    ]
    head = f'{{\n  "source": "aws-cdk-lib {version}, canned metrics",\n  "metrics": {{\n'
    TARGET.write_text(head + ",\n".join(lines) + "\n  }\n}\n")


def _canned_metrics(package: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    for code in sorted(package.glob("*/lib/*-canned-metrics.generated.js")):
        declarations: dict[str, list[list[str]]] = {}
        for method, dimensions in _DECLARED.findall(code.with_suffix(".d.ts").read_text()):
            declarations.setdefault(method, []).append(sorted(_DIMENSION.findall(dimensions)))
        for method, namespace, name, statistic in _RETURNED.findall(code.read_text()):
            # The dimensions of CWAgent are whatever the agent is configured to send.
            if namespace != "CWAgent":
                yield from ((namespace, name, statistic, dimensions) for dimensions in declarations[method])


if __name__ == "__main__":
    main(Path(sys.argv[1]))

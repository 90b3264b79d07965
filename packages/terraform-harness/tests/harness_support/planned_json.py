"""Builds saved plans as Terraform 1.11 writes them in JSON."""

from collections.abc import Sequence
from typing import Any

from terraform_harness.terraform.saved_plan import SavedPlan

FULL_NAME = "registry.terraform.io/hashicorp/aws"
CREATE, REPLACE, REPLACE_FIRST = ["create"], ["delete", "create"], ["create", "delete"]
UPDATE, DELETE, NO_OP = ["update"], ["delete"], ["no-op"]
# The answers of `terraform console`; other expressions are not known before apply.
VALUES = {
    "local.here": "eu-west-1",
    "var.region": "us-west-2",
    "var.geo": "eu",
    'var.regions["main"]': "eu-north-1",
    "var.flag": True,
    "var.accounts": ["111111111111", "222222222222"],
    "var.account": "111111111111",
    '"${local.here}"': "eu-west-1",
    '"${var.geo}-west-3"': "eu-west-3",
    '"${var.regions["main"]}"': "eu-north-1",
    '"${lower("EU-WEST-2")}"': "eu-west-2",
    '"%{ if true }eu-west-2%{ endif }"': "eu-west-2",
    '"${var.account}"': "111111111111",
    '"${var.accounts}"': ["111111111111", "222222222222"],
}


def change(address: str, actions: Sequence[str] = CREATE, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return an entry of `resource_changes`; `before`, `after`, `after_unknown` and `importing` go to its change."""
    *modules, type_, name = address.partition("[")[0].split(".") if "module." not in address else address.split(".")
    inner = {name: more.pop(name) for name in ("before", "after", "after_unknown", "importing") if name in more}
    return {
        "address": address,
        **({"module_address": ".".join(modules)} if modules else {}),
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_name": FULL_NAME,
        "change": {"actions": list(actions), "before": None, "after": {}, "after_unknown": {}, **inner},
        **more,
    }


def resource(address: str, key: str = "aws", /, **expressions: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a resource of the configuration."""
    type_, name = address.split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_config_key": key,
        "expressions": expressions,
    }


def provider(**expressions: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"name": "aws", "full_name": FULL_NAME, "expressions": expressions}


def planned(*changes: dict[str, Any], root: dict[str, Any] | None = None, **providers: dict[str, Any]) -> SavedPlan:
    configuration = {"provider_config": providers, "root_module": root or {}}
    return SavedPlan({"resource_changes": list(changes), "configuration": configuration}, VALUES.get)


def refer(*references: str) -> dict[str, Any]:
    return {"references": list(references)}


def constant(value: object, *references: str) -> dict[str, Any]:
    return {"constant_value": value, **(refer(*references) if references else {})}


def module_provider(address: str, **expressions: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {**provider(**expressions), "module_address": address}


def queue(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"name": name, **more}

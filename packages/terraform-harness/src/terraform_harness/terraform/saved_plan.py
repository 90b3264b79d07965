"""The resources that a saved plan would create, import or adopt, and where."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from terraform_harness.processes import noop
from terraform_harness.terraform.plan_configuration import PlanConfiguration, ProviderConfiguration, module_path
from terraform_harness.terraform.resource_types import Key, adopting_attribute, named_by, named_kind, with_log_group
from terraform_harness.terraform.state import names_in

type Json = Any

# The attributes of a VPC that identify the default resources that AWS created with it.
_VPC_IDS = ("id", "default_network_acl_id", "default_route_table_id")
# References whose source is not in the plan. They are assumed to be resources that the apply would create.
_SOURCE_UNKNOWN = frozenset({"each", "local", "module"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """A resource that the apply would create under a name that the configuration chooses.

    Args:
        address: Its address.
        kind: Its kind in the inventory.
        name: Its name.
        regions: Its Region; empty if it is not known before apply.
    """

    address: str
    kind: str
    name: str
    regions: tuple[str, ...]


class SavedPlan:
    """A saved plan in the JSON of `terraform show` (https://developer.hashicorp.com/terraform/internals/json-format).

    Args:
        document: The JSON.
        evaluate: Returns the value of an expression of the root module, or None if it is not known before apply.
    """

    def __init__(self, document: Json, evaluate: Callable[[str], Json] = noop) -> None:
        self._changes: Sequence[Json] = document.get("resource_changes", [])
        self._created = [change for change in self._changes if _is_created(change)]
        self._configuration = PlanConfiguration(document.get("configuration", {}), evaluate)

    @property
    def imported(self) -> Sequence[str]:
        """The addresses of existing resources that import blocks bring into the state."""
        return [change["address"] for change in self._changes if change["change"].get("importing")]

    @property
    def adopted(self) -> Sequence[str]:
        """The addresses that stand for existing resources, such as the default VPC of a Region."""
        return [change["address"] for change in self._created if self._adopts(change)]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of resources that the apply would create under chosen names, with the log groups of Lambda."""
        kinds = filter(None, (named_kind(change["type"]) for change in self._created))
        return frozenset(made for kind in kinds for made, _ in with_log_group(kind, ""))

    def addresses(self, known: frozenset[str]) -> frozenset[str]:
        """Return the addresses that the apply would create, and those moved from a known address."""
        return frozenset(
            change["address"]
            for change in self._changes
            if change["mode"] == "managed"
            and ("create" in change["change"]["actions"] or change.get("previous_address") in known)
        )

    def providers(self) -> Sequence[ProviderConfiguration]:
        """Return the configurations of the AWS provider, the default one first."""
        return self._configuration.providers()

    def regions(self, default: str) -> tuple[str, ...]:
        """Return the Regions that the apply would reach; `default` is the Region of the shell."""
        configured = [provider.region or default for provider in self.providers()]
        stated = [change["change"]["after"].get("region") for change in self._created]
        return tuple(dict.fromkeys([*configured, *filter(None, stated)])) or (default,)

    def creations(self, default: str) -> Iterator[Creation]:
        """Yield the resources that would be created, or replaced under another name, if their name is known.

        `default` is the Region of a provider configuration that sets no Region.
        """
        regions = {
            provider.key: provider.region or (default if provider.is_known else None) for provider in self.providers()
        }
        for change in self._created:
            before, after = change["change"]["before"] or {}, change["change"]["after"]
            named = named_by(change["type"], after)
            is_new = (named, after.get("region")) != (named_by(change["type"], before), before.get("region"))
            if named is not None and is_new:
                kind, name = named
                provider = self._configuration.resource(change).get("provider_config_key", "")
                region = after.get("region") or regions.get(provider)
                yield Creation(address=change["address"], kind=kind, name=name, regions=(region,) if region else ())

    def names_before(self, regions: Sequence[str]) -> frozenset[Key]:
        """Return kind, name and Region of the resources in the state; without a known Region, one for each Region."""
        resources = [
            {**change, "instances": [{"attributes": change["change"]["before"]}]}
            for change in self._changes
            if change["change"]["before"] is not None
        ]
        return names_in({"resources": resources}, regions)

    def _adopts(self, change: Json) -> bool:
        """Return whether a resource stands for an existing one: a default of the account, or of an existing VPC."""
        attribute = adopting_attribute(change["type"])
        if not attribute:
            return attribute is not None
        if not change["change"]["after_unknown"].get(attribute):
            return change["change"]["after"].get(attribute) not in self._vpcs_in_state()
        # The VPC is unknown before apply in two cases: the plan creates it, or the default VPC is used.
        expression = self._configuration.resource(change).get("expressions", {}).get(attribute)
        return not self._is_created_here(expression, module_path(change))

    def _vpcs_in_state(self) -> frozenset[str]:
        vpcs = [change["change"]["before"] or {} for change in self._changes if change["type"] == "aws_vpc"]
        return frozenset(vpc[name] for vpc in vpcs for name in _VPC_IDS if name in vpc)

    def _is_created_here(self, expression: Json, modules: tuple[str, ...]) -> bool:
        """Return whether the value of an expression comes from a resource that the apply would create."""
        return any(self._comes_from_creation(one, modules) for one in (expression or {}).get("references", []))

    def _comes_from_creation(self, reference: str, modules: tuple[str, ...]) -> bool:
        first, second, *_ = [*reference.split("."), ""]
        if first == "var" and modules:
            argument = self._configuration.call(modules).get("expressions", {}).get(second)
            return self._is_created_here(argument, modules[:-1])
        created = {(module_path(change), change["type"], change["name"]) for change in self._created}
        return first in _SOURCE_UNKNOWN or (modules, first, second) in created


def _is_created(change: Json) -> bool:
    is_aws = change["mode"] == "managed" and change["type"].startswith("aws_")
    return bool(is_aws and "create" in change["change"]["actions"])

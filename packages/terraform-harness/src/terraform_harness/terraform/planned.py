"""What an apply is about to do, and where, read from the JSON of its saved plan."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from terraform_harness.deployments.created import Key
from terraform_harness.processes import noop
from terraform_harness.terraform.resource_types import adopting_attribute, named_by, named_kind, with_log_group
from terraform_harness.terraform.state import names_in

type Json = Any

_AWS = "/hashicorp/aws"
# The settings of a provider that lead to another account than the shell's credentials do.
_CREDENTIALS = (
    "access_key",
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "shared_config_files",
    "shared_credentials_files",
)
_ACCOUNTS = "allowed_account_ids"
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
# The attributes of a VPC that name what was made with it.
_VPC_IDS = ("id", "default_network_acl_id", "default_route_table_id")
# References whose source is not in the plan. They are taken to be of resources that the apply would create.
_UNTOLD = frozenset({"each", "local", "module"})
# The key of an instance in an address; it may have brackets and escaped quotes in it.
_KEY = re.compile(r"""\[(?:\d+|"(?:[^"\\]|\\.)*")\]""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A configuration of the AWS provider.

    Args:
        key: Its name in the plan, such as `aws`, `aws.west` or `module.orders:aws`.
        region: The Region that it states; None if it states none, or one that is not known before apply.
        is_known: Whether its Region is known before apply; one that is not stated is the shell's.
        credentials: The settings that may lead to another account.
        accounts: The accounts to which it limits itself; empty if it does not.
    """

    key: str
    region: str | None
    is_known: bool
    credentials: tuple[str, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """A resource that the apply would create under a name that the configuration chose.

    Args:
        address: Its address.
        kind: Its kind in the inventory.
        name: Its name.
        regions: Its Region; empty if the plan does not tell.
    """

    address: str
    kind: str
    name: str
    regions: tuple[str, ...]


class Planned:
    """A saved plan, as `terraform show -json` prints it (https://developer.hashicorp.com/terraform/internals/json-format).

    Args:
        document: The JSON.
        evaluate: Gives the value of an expression of the root module, or None if it is known after apply only.
    """

    def __init__(self, document: Json, evaluate: Callable[[str], Json] = noop) -> None:
        self._document = document
        # Each call starts a Terraform, and the providers are asked for more than once.
        self._evaluate = cache(evaluate)
        self._changes: Sequence[Json] = document.get("resource_changes", [])
        self._root: Json = document.get("configuration", {}).get("root_module", {})

    @property
    def imported(self) -> Sequence[str]:
        """The resources that exist already and that the apply would take into its state."""
        return [change["address"] for change in self._changes if change["change"].get("importing")]

    @property
    def adopted(self) -> Sequence[str]:
        """The resources that stand for existing ones, such as the default VPC of a Region."""
        return [change["address"] for change in self._changes if _is_created(change) and self._adopts(change)]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of what the apply would create under chosen names, and of the log groups that Lambda makes."""
        kinds = filter(None, (named_kind(change["type"]) for change in filter(_is_created, self._changes)))
        return frozenset(made for kind in kinds for made, _ in with_log_group(kind, ""))

    def addresses(self, known: frozenset[str]) -> frozenset[str]:
        """The resources that the apply would create, and those that were moved from an address that is known."""
        return frozenset(
            change["address"]
            for change in self._changes
            if change["mode"] == "managed"
            and ("create" in change["change"]["actions"] or change.get("previous_address") in known)
        )

    def providers(self) -> Sequence[Provider]:
        """The configurations of the AWS provider, the default one first."""
        configured: Mapping[str, Json] = self._document.get("configuration", {}).get("provider_config", {})
        ours = {key: config for key, config in configured.items() if config.get("full_name", "").endswith(_AWS)}
        return [self._provider(key, ours[key]) for key in sorted(ours, key=lambda key: (key != "aws", key))]

    def regions(self, default: str) -> tuple[str, ...]:
        """The Regions that the apply would reach; `default` stands for a Region that is not stated."""
        by_key = {provider.key: provider.region or default for provider in self.providers()}
        stated = [change["change"]["after"].get("region") for change in filter(_is_created, self._changes)]
        return tuple(dict.fromkeys([*by_key.values(), *filter(None, stated)])) or (default,)

    def creations(self, default: str) -> Iterator[Creation]:
        """The resources that would be created, or replaced under another name, if their name is known.

        `default` is the Region of a provider configuration that states none.
        """
        regions = {
            provider.key: provider.region or (default if provider.is_known else None) for provider in self.providers()
        }
        for change in filter(_is_created, self._changes):
            before, after = change["change"]["before"] or {}, change["change"]["after"]
            named = named_by(change["type"], after)
            is_new = (named, after.get("region")) != (named_by(change["type"], before), before.get("region"))
            if named is not None and is_new:
                kind, name = named
                region = after.get("region") or regions.get(self._resource(change).get("provider_config_key", ""))
                yield Creation(address=change["address"], kind=kind, name=name, regions=(region,) if region else ())

    def listed(self, regions: Sequence[str]) -> frozenset[Key]:
        """Kind, name and Region of what the state lists; one whose Region is not stated counts in each of `regions`."""
        resources = [
            {**change, "instances": [{"attributes": change["change"]["before"]}]}
            for change in self._changes
            if change["change"]["before"] is not None
        ]
        return names_in({"resources": resources}, regions)

    def _adopts(self, change: Json) -> bool:
        """Whether a resource stands for one that exists before apply: a default of the account, or of such a VPC."""
        attribute = adopting_attribute(change["type"])
        if not attribute:
            return attribute is not None
        if not change["change"]["after_unknown"].get(attribute):
            return change["change"]["after"].get(attribute) not in self._own_vpcs()
        # The VPC is unknown before apply in two cases: the plan creates it, or none is set and the default VPC is used.
        expression = self._resource(change).get("expressions", {}).get(attribute)
        return not self._is_made_here(expression, _modules(change.get("module_address", "")))

    def _own_vpcs(self) -> frozenset[str]:
        vpcs = [change["change"]["before"] or {} for change in self._changes if change["type"] == "aws_vpc"]
        return frozenset(vpc[name] for vpc in vpcs for name in _VPC_IDS if name in vpc)

    def _is_made_here(self, expression: Json, modules: tuple[str, ...]) -> bool:
        """Whether the value of an expression comes from a resource that the apply would create."""
        return any(self._comes_from_creation(one, modules) for one in (expression or {}).get("references", []))

    def _comes_from_creation(self, reference: str, modules: tuple[str, ...]) -> bool:
        first, second, *_ = [*reference.split("."), ""]
        if first == "var" and modules:
            return self._is_made_here(self._call(modules).get("expressions", {}).get(second), modules[:-1])
        return first in _UNTOLD or (modules, first, second) in self._created()

    def _created(self) -> frozenset[tuple[tuple[str, ...], str, str]]:
        return frozenset(
            (_modules(change.get("module_address", "")), change["type"], change["name"])
            for change in self._changes
            if _is_created(change)
        )

    def _provider(self, key: str, config: Json) -> Provider:
        expressions, modules = config.get("expressions", {}), _modules(config.get("module_address", ""))
        accounts = self._value(expressions.get(_ACCOUNTS), modules)
        region = self._value(expressions.get("region"), modules)
        is_region = isinstance(region, str) and _REGION.fullmatch(region) is not None
        return Provider(
            key=key,
            region=region if is_region else None,
            is_known=is_region or "region" not in expressions,
            credentials=tuple(name for name in _CREDENTIALS if name in expressions),
            accounts=tuple(map(str, accounts)) if isinstance(accounts, list) else (),
        )

    def _value(self, expression: Json, modules: tuple[str, ...]) -> Json:
        """The value of an expression in a provider configuration; None if it is not known before apply."""
        if not isinstance(expression, Mapping):
            return None
        constant, references = expression.get("constant_value"), expression.get("references", [])
        if not modules:
            return _evaluated(constant, references, self._evaluate)
        if not references:
            return constant
        # An expression in a module has other variables than the root module: the arguments of its call.
        variable = references[0].removeprefix("var.")
        if references != [f"var.{variable}"] or constant not in (None, f"${{var.{variable}}}"):
            return None
        call = self._call(modules)
        if variable in call.get("expressions", {}):
            return self._value(call["expressions"][variable], modules[:-1])
        return call.get("module", {}).get("variables", {}).get(variable, {}).get("default")

    def _call(self, modules: tuple[str, ...]) -> Json:
        """The call of a module, as the configuration has it."""
        call: Json = {"module": self._root}
        for name in modules:
            call = call.get("module", {}).get("module_calls", {}).get(name, {})
        return call

    def _resource(self, change: Json) -> Json:
        """The resource of a change, as the configuration has it."""
        module = self._call(_modules(change.get("module_address", ""))).get("module", {})
        wanted = (change["mode"], change["type"], change["name"])
        resources = module.get("resources", [])
        return next((one for one in resources if (one["mode"], one["type"], one["name"]) == wanted), {})


def _evaluated(constant: Json, references: Sequence[str], evaluate: Callable[[str], Json]) -> Json:
    """The value of a constant, a template or a reference; the plan of JSON calls a template a constant."""
    if isinstance(constant, list):
        return [_evaluated(one, (), evaluate) for one in constant]
    if isinstance(constant, str) and ("${" in constant or "%{" in constant):
        return evaluate(f'"{constant}"')
    # Terraform lists `var.regions["main"]` and then `var.regions`.
    if references and all(f"{references[0]}.".startswith((f"{one}.", f"{one}[")) for one in references):
        return evaluate(references[0])
    return constant


def _is_created(change: Json) -> bool:
    is_aws = change["mode"] == "managed" and change["type"].startswith("aws_")
    return bool(is_aws and "create" in change["change"]["actions"])


def _modules(address: str) -> tuple[str, ...]:
    """The names of the modules in `module.a["x"].module.b[0]`, without their keys."""
    return tuple(_KEY.sub("", address).split(".")[1::2])

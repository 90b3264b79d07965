"""The configuration inside a saved plan: its modules, resources and AWS provider configurations."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

type Json = Any

_AWS = "/hashicorp/aws"
# The settings of a provider that may select another account than the shell's credentials.
_CREDENTIALS = (
    "access_key",
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "shared_config_files",
    "shared_credentials_files",
)
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
# The key of an instance in an address. It may contain brackets and escaped quotes.
_KEY = re.compile(r"""\[(?:\d+|"(?:[^"\\]|\\.)*")\]""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderConfiguration:
    """A configuration of the AWS provider.

    Args:
        key: Its name in the plan, such as `aws`, `aws.west` or `module.orders:aws`.
        region: The Region that it sets; None if it sets none, or one that is not known before apply.
        is_known: Whether its Region is known before apply; without a Region it uses that of the shell.
        credentials: The settings that may select another account.
        accounts: The accounts that it allows; empty if it allows all.
    """

    key: str
    region: str | None
    is_known: bool
    credentials: tuple[str, ...]
    accounts: tuple[str, ...]


class PlanConfiguration:
    """The member `configuration` of a saved plan.

    Args:
        document: The JSON of that member.
        evaluate: Returns the value of an expression of the root module, or None if it is not known before apply.
    """

    def __init__(self, document: Json, evaluate: Callable[[str], Json]) -> None:
        self._document = document
        # Each call starts a Terraform process, and the providers are read more than once.
        self._evaluate = cache(evaluate)

    def call(self, modules: tuple[str, ...]) -> Json:
        """Return the call of a module; for the root module, an object with the member `module` only."""
        call: Json = {"module": self._document.get("root_module", {})}
        for name in modules:
            call = call.get("module", {}).get("module_calls", {}).get(name, {})
        return call

    def resource(self, change: Json) -> Json:
        """Return the configuration of the resource of a change."""
        wanted = (change["mode"], change["type"], change["name"])
        resources = self.call(module_path(change)).get("module", {}).get("resources", [])
        return next((one for one in resources if (one["mode"], one["type"], one["name"]) == wanted), {})

    def providers(self) -> Sequence[ProviderConfiguration]:
        """Return the configurations of the AWS provider, the default one first."""
        configured: Mapping[str, Json] = self._document.get("provider_config", {})
        aws = {key: config for key, config in configured.items() if config.get("full_name", "").endswith(_AWS)}
        return [self._provider(key, aws[key]) for key in sorted(aws, key=lambda key: (key != "aws", key))]

    def _provider(self, key: str, config: Json) -> ProviderConfiguration:
        expressions, modules = config.get("expressions", {}), module_path(config)
        accounts = self._value(expressions.get("allowed_account_ids"), modules)
        region = self._value(expressions.get("region"), modules)
        is_region = isinstance(region, str) and _REGION.fullmatch(region) is not None
        return ProviderConfiguration(
            key=key,
            region=region if is_region else None,
            is_known=is_region or "region" not in expressions,
            credentials=tuple(name for name in _CREDENTIALS if name in expressions),
            accounts=tuple(map(str, accounts)) if isinstance(accounts, list) else (),
        )

    def _value(self, expression: Json, modules: tuple[str, ...]) -> Json:
        """Return the value of an expression of a provider configuration; None if it is not known before apply."""
        if not isinstance(expression, Mapping):
            return None
        constant, references = expression.get("constant_value"), expression.get("references", [])
        if not modules:
            return self._value_in_root(constant, references)
        if not references:
            return constant
        # Terraform evaluates expressions of the root module only. In a module, only a plain argument is followed.
        variable = references[0].removeprefix("var.")
        if references != [f"var.{variable}"] or constant not in (None, f"${{var.{variable}}}"):
            return None
        call = self.call(modules)
        if variable in call.get("expressions", {}):
            return self._value(call["expressions"][variable], modules[:-1])
        return call.get("module", {}).get("variables", {}).get(variable, {}).get("default")

    def _value_in_root(self, constant: Json, references: Sequence[str]) -> Json:
        if isinstance(constant, list):
            return [self._value_in_root(one, ()) for one in constant]
        # The plan of a configuration in JSON calls a template a constant.
        if isinstance(constant, str) and ("${" in constant or "%{" in constant):
            return self._evaluate(f'"{constant}"')
        # Terraform lists `var.regions["main"]` and then `var.regions`.
        if references and all(f"{references[0]}.".startswith((f"{one}.", f"{one}[")) for one in references):
            return self._evaluate(references[0])
        return constant


def module_path(document: Json) -> tuple[str, ...]:
    """Return the names of the modules in a `module_address` such as `module.a["x"].module.b[0]`, without keys."""
    return tuple(_KEY.sub("", document.get("module_address", "")).split(".")[1::2])

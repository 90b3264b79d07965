"""Reads the configuration in a plan: the expressions of resources, and the arguments of module calls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from terraform_guardrails.terraform.addresses import parsed, prefix_of, without_index
from terraform_guardrails.terraform.body import Json

_DEEPEST = 20  # nested modules; a deeper plan is circular


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The scope of an expression: a module instance, and the instance of a resource or module call in it."""

    modules: tuple[str, ...] = ()
    index: str = ""
    for_each: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """The configuration of one resource, for all its instances."""

    module: tuple[str, ...] = ()
    expressions: Json = field(default_factory=dict)
    depends_on: Json = ()
    for_each: Json = field(default_factory=dict)

    def scope_of(self, address: str) -> Scope:
        """Return the scope of the expressions for one instance."""
        instance = parsed(address)
        return Scope(modules=instance.modules, index=instance.index, for_each=self.for_each)


class PlanConfiguration:
    """The modules of a plan. Each has one configuration for all its instances."""

    def __init__(self, document: Json) -> None:
        self._variables: Json = document.get("variables", {})
        self._modules: dict[tuple[str, ...], Json] = {}
        self._calls: dict[tuple[str, ...], Json] = {}
        self._resources: dict[str, Configured] = {}
        self._collect((), document.get("configuration", {}).get("root_module", {}))

    def _collect(self, path: tuple[str, ...], module: Json) -> None:
        if len(path) > _DEEPEST:
            raise ValueError(path)
        self._modules[path] = module
        for entry in module.get("resources", []):
            self._resources[prefix_of(path) + without_index(entry["address"])] = Configured(
                module=path,
                expressions=entry.get("expressions", {}),
                depends_on=entry.get("depends_on", []),
                for_each=entry.get("for_each_expression", {}),
            )
        for name, call in module.get("module_calls", {}).items():
            self._calls[*path, name] = call
            self._collect((*path, name), call.get("module", {}))

    def resource(self, address: str) -> Configured:
        """Return the configuration of the resource of an instance."""
        return self._resources.get(without_index(address)) or Configured()

    def outputs(self, modules: tuple[str, ...]) -> Mapping[str, Json]:
        """Return the outputs of a module instance."""
        outputs: Mapping[str, Json] = self._modules.get(_names(modules), {}).get("outputs", {})
        return outputs

    def argument(self, variable: str, scope: Scope) -> tuple[Json, Scope]:
        """Return the expression that is passed for a variable, and its scope."""
        if not scope.modules:
            return _constant(self._variables.get(variable, {}), "value"), scope
        call = self._calls.get(_names(scope.modules), {})
        *outer, module = scope.modules
        outside = Scope(
            modules=tuple(outer),
            index=module[len(without_index(module)) :],
            for_each=call.get("for_each_expression", {}),
        )
        passed = call.get("expressions", {})
        if variable in passed:
            return passed[variable], outside
        declared = self._modules.get(_names(scope.modules), {}).get("variables", {})
        return _constant(declared.get(variable, {}), "default"), outside


def _names(modules: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(without_index, modules))


def _constant(variable: Json, attribute: str) -> Json:
    return {"constant_value": variable[attribute]} if attribute in variable else {}


def texts_in(expression: Json) -> list[str]:
    """Return the references in an expression, as the plan lists them."""
    return [text for _, found in leaves_of(expression) for text in found]


def leaves_of(expression: Json) -> Iterator[tuple[str, list[str]]]:
    """Yield each attribute in an expression with its list of references."""
    waiting = [("", expression)]
    while waiting:
        where, each = waiting.pop()
        if isinstance(each, list):
            waiting.extend((where, item) for item in each)
        elif isinstance(each, Mapping):
            if "references" in each:
                yield where, [str(text) for text in each["references"]]
            else:
                waiting.extend(
                    (f"{where}.{key}".lstrip("."), item) for key, item in each.items() if key != "constant_value"
                )

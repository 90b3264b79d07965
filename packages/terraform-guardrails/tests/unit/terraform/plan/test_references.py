"""References of a plan are resolved to instances, from the parts that Terraform lists."""

from typing import Any

import pytest

from terraform_guardrails.terraform.plan.configuration import PlanConfiguration, Scope
from terraform_guardrails.terraform.plan.instances import Instances
from terraform_guardrails.terraform.plan.references import PlanReferences

type References = list[str]
type Constant = dict[str, Any]

INSTANCES = [
    'aws_a.each["x"]',
    'aws_a.each["y"]',
    "aws_a.count[0]",
    "aws_a.count[1]",
    'aws_a.only["x"]',
    "aws_a.one",
    "aws_a.single[0]",
    'module.each["x"].aws_b.b',
    'module.each["y"].aws_b.b',
    'module.outer["x"].module.inner[0].aws_b.all["k"]',
    'module.outer["x"].module.inner[1].aws_b.all["k"]',
    'module.same["x"].aws_b.each["x"]',
    'module.same["x"].aws_b.each["y"]',
    "module.two.aws_b.b",
    "module.two.aws_b.c",
]
OUTPUTS = {"arn": ["aws_b.b.arn", "aws_b.b"], "name": ["aws_b.b.name", "aws_b.b"]}


def expression(texts: References | Constant) -> dict[str, Any]:
    if isinstance(texts, list):
        return {"references": texts}
    return {"constant_value": texts["value"]} if texts else {}


def module(outputs: dict[str, References] | None = None, **more: object) -> dict[str, Any]:
    found = {name: {"expression": expression(texts)} for name, texts in (outputs or {}).items()}
    return {"module": {"outputs": found, **more}}


def call(**arguments: References | Constant) -> dict[str, Any]:
    passed = {name: expression(texts) for name, texts in arguments.items()}
    declared = module(variables={"preset": {"default": "y"}})
    return {**declared, "expressions": passed, "for_each_expression": {"constant_value": {"y": "x"}}}


def resolved(texts: References, scope: Scope, **calls: dict[str, Any]) -> str:
    outer = module({"inner": ["module.inner"]}, module_calls={"inner": module({"all": ["aws_b.all"]})})
    two = module({**OUTPUTS, "other": ["aws_b.c.arn", "aws_b.c"]})
    same = module({"all": ["aws_b.each"]})
    root = {"module_calls": {"each": module(OUTPUTS), "outer": outer, "same": same, "two": two, **calls}}
    document = {"variables": {"which": {"value": "y"}}, "configuration": {"root_module": root}}
    value = PlanReferences(PlanConfiguration(document), Instances(INSTANCES)).value({"references": texts}, scope)
    return str(value)


def of_resource(index: str, for_each: References | Constant | None = None) -> Scope:
    return Scope(index=index, for_each=expression(for_each) if for_each else {})


X, Y, SECOND = '["x"]', '["y"]', "[1]"
PAIRS: Constant = {"value": {"x": "y", "y": {"role": "x", "flag": True}}}
RESOLVED: dict[str, tuple[References, Scope, str]] = {
    "no index and no instances": (["aws_a.one.arn", "aws_a.one"], of_resource(""), "aws_a.one.arn"),
    "an explicit key": (
        ['aws_a.each["y"].arn', 'aws_a.each["y"]', "aws_a.each"],
        of_resource(X),
        'aws_a.each["y"].arn',
    ),
    "an explicit number": (
        ["aws_a.count[1].arn", "aws_a.count[1]", "aws_a.count"],
        of_resource(""),
        "aws_a.count[1].arn",
    ),
    "each.key": (["aws_a.each", "each.key"], of_resource(Y), 'aws_a.each["y"]'),
    "each.key after the function": (["each.key", "aws_a.each"], of_resource(Y), 'aws_a.each["y"]'),
    "count.index": (["aws_a.count", "count.index"], of_resource(SECOND), "aws_a.count[1]"),
    "each.value of a set": (["aws_a.each", "each.value"], of_resource(Y), 'aws_a.each["y"]'),
    "each.value of a map": (["aws_a.each", "each.value"], of_resource(X, PAIRS), 'aws_a.each["y"]'),
    "an attribute of each.value": (
        ["aws_a.each", "each.value.role", "each.value"],
        of_resource(Y, PAIRS),
        'aws_a.each["x"]',
    ),
    "a flag beside the key": (
        ["each.value.flag", "each.value", "aws_a.each", "each.key"],
        of_resource(Y, PAIRS),
        'aws_a.each["y"]',
    ),
    "a flag beside the only instance": (
        ["each.value.flag", "each.value", "aws_a.single"],
        of_resource(Y, PAIRS),
        "aws_a.single[0]",
    ),
    "a key beside the only instance with count": (["aws_a.single", "each.key"], of_resource(X), "aws_a.single[0]"),
    "a variable of the root module": (["aws_a.each", "var.which"], of_resource(""), 'aws_a.each["y"]'),
    "for_each over resources": (
        ["each.value.arn", "each.value"],
        of_resource(Y, ["aws_a.each"]),
        'aws_a.each["y"].arn',
    ),
    "for_each over modules": (
        ["each.value.arn", "each.value"],
        of_resource(Y, ["module.each"]),
        'module.each["y"].aws_b.b.arn',
    ),
    "an output by an explicit key": (
        ['module.each["y"].arn', 'module.each["y"]'],
        of_resource(X),
        'module.each["y"].aws_b.b.arn',
    ),
    "an output by each.key": (["module.each", "each.key"], of_resource(Y), 'module.each["y"].aws_b.b'),
    "the only instance": (["aws_a.only"], of_resource(""), 'aws_a.only["x"]'),
    "the only instance and its attribute": (
        ["aws_a.only", 'aws_a.only["x"].arn', 'aws_a.only["x"]', "aws_a.only"],
        of_resource(""),
        'aws_a.only["x"].arn',
    ),
    "a data source from the planning phase": (
        ["data.aws_a.a.arn", "data.aws_a.a"],
        of_resource(""),
        "data.aws_a.a.arn",
    ),
}
AMBIGUOUS: dict[str, tuple[References, Scope]] = {
    "all instances": (["aws_a.each"], of_resource("")),
    "all instances beside an explicit one": (
        ["aws_a.each", 'aws_a.each["x"].arn', 'aws_a.each["x"]', "aws_a.each"],
        of_resource(""),
    ),
    "the same attribute twice, with text around it": (
        ["aws_a.one.arn", "aws_a.one", "aws_a.one.arn", "aws_a.one"],
        of_resource(""),
    ),
    "all instances in the instance of a module": (["module.same", "each.key"], of_resource(X)),
    "all instances of a module": (["module.each"], of_resource("")),
    "a key without an instance": (["aws_a.each", "each.key"], of_resource('["z"]')),
    "another key than the only instance has": (["aws_a.only", "each.key"], of_resource(Y)),
    "a number without an instance": (["aws_a.count", "count.index"], of_resource("[2]")),
    "a number for keys": (["aws_a.each", "count.index"], of_resource("[0]")),
    "an explicit key without an instance": (['aws_a.each["z"].arn', 'aws_a.each["z"]', "aws_a.each"], of_resource(X)),
    "a key from a local value": (["aws_a.each", "local.of", "each.key"], of_resource(X)),
    "a key from an unknown map": (["aws_a.each", "each.value.role", "each.value"], of_resource(X, ["local.of"])),
    "two keys": (["aws_a.each", "each.key", "var.which"], of_resource(X)),
    "two outputs of a module": (["module.two", "each.key"], of_resource(X)),
    "an explicit key beside each.key": (
        ['aws_a.each["x"].arn', 'aws_a.each["x"]', "aws_a.each", "aws_a.each", "each.key"],
        of_resource(Y),
    ),
    "an explicit module beside each.key": (
        ['module.each["x"].arn', 'module.each["x"]', "module.each", "each.key"],
        of_resource(Y),
    ),
    "a data source without its attribute": (["data.aws_a.a", "each.key"], of_resource(X)),
    "another resource of the same key": (["aws_a.each", "aws_a.only", "each.key"], of_resource(X)),
}


@pytest.mark.parametrize(("texts", "scope", "reference"), RESOLVED.values(), ids=RESOLVED)
def test_a_reference_means_one_instance(texts: References, scope: Scope, reference: str) -> None:
    assert resolved(texts, scope) == "${" + reference + "}"


@pytest.mark.parametrize(("texts", "scope"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_an_ambiguous_reference_is_unknown(texts: References, scope: Scope) -> None:
    assert resolved(texts, scope) == "${" + ", ".join(texts) + "}"


ARGUMENTS: dict[str, tuple[References, dict[str, References | Constant], str]] = {
    "an argument by the key of the call": (["var.role"], {"role": ["aws_a.each", "each.key"]}, 'aws_a.each["y"]'),
    "an argument by the value of the call": (
        ["var.role"],
        {"role": ["aws_a.each", "each.value"]},
        'aws_a.each["x"]',
    ),
    "an argument beside another key": (
        ["var.role", "var.key"],
        {"role": ["aws_a.each", "each.key"], "key": {"value": "x"}},
        'aws_a.each["y"]',
    ),
    "an argument by an output": (["var.role"], {"role": ["module.each", "each.key"]}, 'module.each["y"].aws_b.b'),
    "a whole resource": (
        ["var.role.arn", "var.role"],
        {"role": ["aws_a.each", "each.key"]},
        'aws_a.each["y"].arn',
    ),
    "all instances and a key": (
        ["var.roles", "var.key"],
        {"roles": ["aws_a.each"], "key": ["each.key"]},
        'aws_a.each["y"]',
    ),
    "all instances and a constant": (
        ["var.roles", "var.key"],
        {"roles": ["aws_a.each"], "key": {"value": "x"}},
        'aws_a.each["x"]',
    ),
    "all instances and a default": (["var.roles", "var.preset"], {"roles": ["aws_a.each"]}, 'aws_a.each["y"]'),
    "all instances and an explicit key": (
        ['var.roles["x"].arn', 'var.roles["x"]', "var.roles"],
        {"roles": ["aws_a.each"]},
        'aws_a.each["x"].arn',
    ),
    "all instances and a number": (
        ["var.roles", "var.key"],
        {"roles": ["aws_a.count"], "key": {"value": 1}},
        "aws_a.count[1]",
    ),
    "an output of a module in a module": (
        ["var.roles", "var.key"],
        {"roles": ['module.outer["x"].inner', 'module.outer["x"]'], "key": {"value": 1}},
        'module.outer["x"].module.inner[1].aws_b.all["k"]',
    ),
    "an explicit output of a module in a module": (
        ['var.roles[1].all["k"].arn', 'var.roles[1].all["k"]', "var.roles[1].all", "var.roles[1]", "var.roles"],
        {"roles": ['module.outer["x"].inner', 'module.outer["x"]']},
        'module.outer["x"].module.inner[1].aws_b.all["k"].arn',
    ),
}


@pytest.mark.parametrize(("texts", "passed", "reference"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_a_variable_has_the_argument_of_its_module_instance(
    texts: References, passed: dict[str, References | Constant], reference: str
) -> None:
    inside = Scope(modules=('called["y"]',), index="[0]")

    assert resolved(texts, inside, called=call(**passed)) == "${" + reference + "}"


@pytest.mark.parametrize(
    "key",
    [{}, {"value": {"x": "y"}}, ["local.key"], ["each.value.key", "each.value"]],
    ids=["a function call", "an object", "a local value", "an unknown each.value"],
)
@pytest.mark.parametrize("texts", [["var.roles", "var.preset"], ["var.roles", "each.key", "var.preset"]])
def test_a_key_that_is_missing_from_the_plan_is_unknown(texts: References, key: References | Constant) -> None:
    passed = call(roles=["aws_a.each"], preset=key)

    assert resolved(texts, Scope(modules=("called",), index=X), called=passed) == "${" + ", ".join(texts) + "}"


def test_circular_arguments_of_modules_end() -> None:
    endless = {**module(module_calls={"a": call(x=["var.x"])}), "expressions": {"x": expression(["module.called.y"])}}
    endless["module"]["outputs"] = {"y": {"expression": expression(["var.x"])}}

    assert resolved(["var.x"], Scope(modules=("called", "a")), called=endless) == "${var.x}"

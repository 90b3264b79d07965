"""Decisions on generated requests equal those of a second implementation."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from iam_policy_evaluator import Endpoint, Principal, Request, evaluate, parse_grant, parse_policy


def evaluated(raw: dict[str, Any]) -> str:
    principal = Principal(*raw["caller"]) if raw["caller"] else None
    read = {kind: parse_policy(raw[kind]) if raw[kind] else None for kind in ("resource_policy", "boundary", "session")}
    endpoint = Endpoint(policy=parse_policy(raw["endpoint"]), is_gateway=raw["is_gateway"]) if raw["endpoint"] else None
    decision = evaluate(
        Request(
            action=raw["action"],
            resource=raw["resource"],
            principal=principal,
            context=raw["context"],
            resource_account=raw["account"],
        ),
        identity=[parse_policy(each) for each in raw["identity"]],
        resource=read["resource_policy"],
        boundary=read["boundary"],
        session=read["session"],
        endpoint=endpoint,
        grants=[parse_grant(each) for each in raw["grants"]],
    )
    return decision.verdict.value


def test_decisions_equal_those_of_a_second_implementation(
    generated: Iterator[dict[str, Any]], second_verdict: Callable[[dict[str, Any]], str]
) -> None:
    verdicts: Counter[str] = Counter()
    for raw in generated:
        expected = second_verdict(raw)
        verdicts[expected] += 1
        assert evaluated(raw) == expected, json.dumps(raw, indent=2)
    assert verdicts.total() == 10_000
    assert min(verdicts[each] for each in ("allowed", "denied explicitly", "denied implicitly")) > 1_000

"""The review refuses a plan that takes over existing resources or may reach another account, and records others."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness import inventory
from harness.created import Created, Key
from harness.errors import AccountUnprovenError, RegionUnknownError, TakeoverError
from harness.inventory import KINDS, Tags
from harness.planned import Planned
from harness.review import review
from harness.runs import Run, new_run
from harness.targets import Target

AWS = Target(
    name="aws",
    environment={"AWS_REGION": "us-east-1", "HARNESS_AWS_ACCOUNTS": "111111111111, 222222222222"},
    account="111111111111",
)
ENDPOINT = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
SHARED = Target(name="localstack", environment=ENDPOINT)
EMBEDDED = Target(name="localstack", environment=ENDPOINT, is_own=True)
ANYWHERE = pytest.mark.parametrize("there", [AWS, SHARED, EMBEDDED], ids=["AWS", "shared", "embedded"])
NOT_OWN = pytest.mark.parametrize("there", [AWS, SHARED], ids=["AWS", "shared"])
type World = dict[tuple[str, str], list[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "runs", run_id="run-1", suffix="t-0123abcd")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Existing names by kind and Region. The key (kind, "") lists the Regions that were queried."""
    there: World = {}

    def lister(kind: str) -> object:
        def listed(_: Target, region: str) -> Iterator[tuple[str, str, Tags | None]]:
            there.setdefault((kind, ""), []).append(region)
            yield from ((name, name, None) for name in there.get((kind, region), []))

        return listed

    monkeypatch.setattr(inventory, "KINDS", {kind: lister(kind) for kind in KINDS})
    return there


def change(address: str, after: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A resource change; by default the plan creates it."""
    type_, name = address.split(".")
    inner = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}, **more}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "change": inner}


def planned(
    *changes: dict[str, Any], west: tuple[str, ...] = (), providers: Mapping[str, Mapping[str, Any]] | None = None
) -> Planned:
    """A plan; the resources in `west` use the provider configuration aws.west."""
    resources = [
        {
            **{part: one[part] for part in ("mode", "type", "name")},
            "provider_config_key": "aws.west" if one["address"] in west else "aws",
        }
        for one in changes
    ]
    full_name = "registry.terraform.io/hashicorp/aws"
    configured: dict[str, Mapping[str, Any]] = {
        "aws": {},
        **({"aws.west": {"region": {"constant_value": "us-west-2"}}} if west else {}),
    }
    configured.update(providers or {})
    configuration = {
        "root_module": {"resources": resources},
        "provider_config": {key: {"full_name": full_name, "expressions": one} for key, one in configured.items()},
    }
    return Planned({"resource_changes": list(changes), "configuration": configuration})


ORDERS = change("aws_sqs_queue.orders", {"name": "orders"})
FUNCTION = change("aws_lambda_function.f", {"function_name": "f"})
BUCKET = change("aws_s3_bucket.b", {"bucket": "b"})


def refusal(plan: Planned, run: Run, there: Target) -> list[str]:
    """The resources that a refused plan would take over; nothing may be recorded."""
    before = run.created
    with pytest.raises(TakeoverError) as refused:
        review(plan, run, there)
    assert (run.created, run.is_left) == (before, False)
    return [line.strip() for line in str(refused.value).splitlines()[1:-1]]


@ANYWHERE
def test_accepted_plan_is_recorded(run: Run, world: World, there: Target) -> None:
    world["queue", "us-east-1"] = ["theirs"]

    review(planned(ORDERS, FUNCTION, BUCKET), run, there)

    existed: frozenset[Key] = frozenset() if there.is_own else frozenset({("queue", "theirs", "us-east-1")})
    assert run.created == Created(
        names=frozenset(
            {
                ("queue", "orders", "us-east-1"),
                ("function", "f", "us-east-1"),
                ("log group", "/aws/lambda/f", "us-east-1"),
                ("bucket", "b", ""),
            }
        ),
        existed=existed,
        regions=("us-east-1",),
    )
    assert run.is_left


def test_only_kinds_in_the_plan_are_queried(run: Run, world: World) -> None:
    review(planned(FUNCTION, BUCKET), run, SHARED)

    assert world == {("function", ""): ["us-east-1"], ("log group", ""): ["us-east-1"], ("bucket", ""): ["us-east-1"]}


def test_embedded_localstack_is_not_queried(run: Run, world: World) -> None:
    world["queue", "us-east-1"] = ["orders"]

    review(planned(ORDERS), run, EMBEDDED)

    assert world == {("queue", "us-east-1"): ["orders"]}


@NOT_OWN
def test_existing_name_is_refused(run: Run, world: World, there: Target) -> None:
    world["queue", "us-east-1"] = ["orders"]
    world["bucket", "us-east-1"] = ["b"]

    with pytest.raises(TakeoverError) as refused:
        review(planned(ORDERS, BUCKET, FUNCTION), run, there)

    assert str(refused.value) == (
        f"The apply would take over 2 resources in {there.place} that existed before this run, "
        "and destroy would delete them:\n"
        "  aws_sqs_queue.orders: queue orders exists in us-east-1\n"
        "  aws_s3_bucket.b: bucket b exists in us-east-1\n"
        "Nothing was changed. Give each resource a name of this run's own (the fixture 'run' has a suffix, "
        "'t-0123abcd' here), remove import blocks, or deploy to an empty target: "
        "without AWS_ENDPOINT_URL and --target, the harness starts one."
    )
    assert (run.created, run.is_left) == (Created(), False)


def test_name_of_another_kind_is_no_conflict(run: Run, world: World) -> None:
    world["topic", "us-east-1"] = ["orders"]

    review(planned(ORDERS), run, SHARED)

    assert run.is_left


def test_same_name_in_another_region_is_no_conflict(run: Run, world: World) -> None:
    plan = planned(
        ORDERS,
        change("aws_sqs_queue.west", {"name": "bills"}),
        BUCKET,
        west=("aws_sqs_queue.west", "aws_s3_bucket.b"),
    )
    world["queue", "us-east-1"] = ["bills"]
    world["queue", "us-west-2"] = ["orders"]

    review(plan, run, SHARED)

    assert run.created == Created(
        names=frozenset({("queue", "orders", "us-east-1"), ("queue", "bills", "us-west-2"), ("bucket", "b", "")}),
        existed=frozenset({("queue", "bills", "us-east-1"), ("queue", "orders", "us-west-2")}),
        regions=("us-east-1", "us-west-2"),
    )


def test_existing_name_in_the_region_of_an_alias_is_refused(run: Run, world: World) -> None:
    world["queue", "us-west-2"] = ["orders"]
    world["bucket", "us-east-1"] = ["b"]

    taken = refusal(planned(ORDERS, BUCKET, west=("aws_sqs_queue.orders", "aws_s3_bucket.b")), run, SHARED)

    assert taken == [
        "aws_sqs_queue.orders: queue orders exists in us-west-2",
        "aws_s3_bucket.b: bucket b exists in us-west-2",
    ]


def test_event_source_mapping_of_same_function_is_no_conflict(run: Run, world: World) -> None:
    world["event source mapping", "us-east-1"] = ["f"]

    review(planned(change("aws_lambda_event_source_mapping.m", {"function_name": "f"})), run, SHARED)

    assert run.is_left


def test_existing_log_group_of_a_function_is_recorded_as_existing(run: Run, world: World) -> None:
    world["log group", "us-east-1"] = ["/aws/lambda/f"]

    review(planned(FUNCTION), run, SHARED)

    assert run.created.existed == {("log group", "/aws/lambda/f", "us-east-1")}


def test_resource_of_an_earlier_apply_is_no_conflict(run: Run, world: World) -> None:
    run.created.adding(names=[("queue", "orders", "us-east-1")]).write(run.folder)
    world["queue", "us-east-1"] = ["orders"]

    review(planned(ORDERS), run, SHARED)

    assert run.created.existed == frozenset()


def test_generated_name_in_the_state_is_not_recorded_as_existing(run: Run, world: World) -> None:
    """The name of a queue with a name_prefix is unknown in the plan that creates it."""
    generated = {"name": "orders-2026", "arn": "arn:aws:sqs:us-east-1:000000000000:orders-2026"}
    world["queue", "us-east-1"] = ["orders-2026", "theirs"]

    review(planned(ORDERS, change("aws_sqs_queue.old", generated, actions=["no-op"], before=generated)), run, SHARED)

    assert run.created.existed == {("queue", "theirs", "us-east-1")}


def test_replacement_with_an_existing_name_is_refused(run: Run, world: World) -> None:
    world["alarm", "us-east-1"] = ["live"]
    renamed = {"actions": ["delete", "create"], "before": {"alarm_name": "ours"}}

    taken = refusal(planned(change("aws_cloudwatch_metric_alarm.a", {"alarm_name": "live"}, **renamed)), run, SHARED)

    assert taken == ["aws_cloudwatch_metric_alarm.a: alarm live exists in us-east-1"]


@ANYWHERE
def test_import_block_is_refused_on_every_target(run: Run, world: World, there: Target) -> None:
    imported = change("aws_sqs_queue.live", {"name": "live"}, actions=["no-op"], importing={"id": "https://sqs/live"})

    taken = refusal(planned(imported), run, there)

    assert (taken, world) == (["aws_sqs_queue.live: an import block names it"], {})


@NOT_OWN
def test_default_resource_is_refused(run: Run, world: World, there: Target) -> None:
    taken = refusal(planned(change("aws_default_vpc.it", {}), change("aws_default_security_group.it", {})), run, there)

    assert (taken, world) == (
        [
            "aws_default_vpc.it: it stands for an existing default resource",
            "aws_default_security_group.it: it stands for an existing default resource",
        ],
        {},
    )


@pytest.mark.usefixtures("world")
def test_default_resource_of_embedded_localstack_is_accepted(run: Run) -> None:
    review(planned(change("aws_default_vpc.it", {})), run, EMBEDDED)

    assert run.is_left


PROFILE = {"profile": {"constant_value": "prod"}}
ROLE = {"assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::999999999999:role/x"}}]}


def limited(*accounts: str) -> dict[str, Any]:
    return {"allowed_account_ids": {"constant_value": list(accounts)}}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("provider", "settings"),
    [
        (PROFILE, "profile"),
        ({**PROFILE, **ROLE}, "assume_role, profile"),
        ({**PROFILE, **limited()}, "profile"),
        ({**PROFILE, **limited("999999999999")}, "profile"),
        ({**PROFILE, **limited("111111111111", "999999999999")}, "profile"),
        ({**PROFILE, "allowed_account_ids": {"references": ["data.x.y", "data.x"]}}, "profile"),
        ({**PROFILE, "forbidden_account_ids": {"constant_value": ["999999999999"]}}, "profile"),
    ],
    ids=["profile", "role", "no account", "another", "one of two", "unknown", "forbidden"],
)
def test_provider_with_unproven_account_is_refused_on_aws(run: Run, provider: dict[str, Any], settings: str) -> None:
    with pytest.raises(AccountUnprovenError) as refused:
        review(planned(ORDERS, providers={"aws.other": provider}), run, AWS)

    assert str(refused.value) == (
        f"The provider configuration aws.other sets {settings}, so it may lead to another account than the shell's "
        "credentials do. Nothing was changed. Remove that, or set its allowed_account_ids to accounts in "
        "HARNESS_AWS_ACCOUNTS."
    )
    assert (run.created, run.is_left) == (Created(), False)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "provider", [{}, {**PROFILE, **limited("222222222222")}, {**ROLE, **limited("111111111111", "222222222222")}]
)
def test_provider_limited_to_allowed_accounts_is_accepted_on_aws(run: Run, provider: dict[str, Any]) -> None:
    review(planned(ORDERS, providers={"aws": provider}), run, AWS)

    assert run.is_left


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("there", [SHARED, EMBEDDED], ids=["shared", "embedded"])
def test_credentials_of_a_provider_are_accepted_on_localstack(run: Run, there: Target) -> None:
    review(planned(ORDERS, providers={"aws": PROFILE}), run, there)

    assert run.is_left


COMPUTED = {"region": {"references": ["data.aws_region.here.name", "data.aws_region.here"]}}


@NOT_OWN
def test_provider_with_unknown_region_is_refused(run: Run, world: World, there: Target) -> None:
    with pytest.raises(RegionUnknownError) as refused:
        review(planned(ORDERS, providers={"aws.other": COMPUTED}), run, there)

    assert str(refused.value) == (
        "The Region of the provider configuration aws.other is not known before apply, so the harness cannot tell "
        "what exists there already. Nothing was changed. Set it to a constant, a variable or a local value."
    )
    assert (run.created, run.is_left, world) == (Created(), False, {})


def test_unknown_region_is_accepted_on_embedded_localstack(run: Run) -> None:
    south = {"region": {"constant_value": "sa-east-1"}}

    review(planned(ORDERS, providers={"aws": COMPUTED, "aws.south": south}), run, EMBEDDED)

    assert run.created.names == {("queue", "orders", "us-east-1"), ("queue", "orders", "sa-east-1")}

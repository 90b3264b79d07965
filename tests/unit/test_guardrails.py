"""The pipeline's own JSON is sound in every combination of settings."""

from collections.abc import Mapping

from lambda_src.transaction_processor import metrics
from terraform_guardrails import check
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template


def test_the_stack_has_no_finding_in_any_combination_of_settings(syntheses: Mapping[str, Synthesis]) -> None:
    reports = {name: check([synthesis.stack_folder()]) for name, synthesis in syntheses.items()}

    assert {name: (report.findings, report.unjudged) for name, report in reports.items()} == dict.fromkeys(
        syntheses, ((), ())
    )
    assert min(report.resources for report in reports.values()) > 40


def test_the_stack_states_exactly_what_the_function_emits(pipeline: Template) -> None:
    line = metrics.embedded_metrics({}, function_name="f", timestamp=0)

    (declared,) = line["_aws"]["CloudWatchMetrics"]  # type: ignore[index] # the form that the specification gives it
    (function,) = pipeline.terraform["resource"]["aws_lambda_function"].values()
    assert function["//"]["emits"] == {
        declared["Namespace"]: {metric["Name"]: declared["Dimensions"] for metric in declared["Metrics"]}
    }

"""The pipeline's Terraform JSON passes every guardrail, in every combination of settings."""

from collections.abc import Mapping

from lambda_src.transaction_processor import metrics
from terraform_guardrails import check
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template


def test_no_combination_has_a_finding_or_an_inconclusive_check(syntheses: Mapping[str, Synthesis]) -> None:
    """Synthesis fails on errors, so only warnings and inconclusive checks can fail this test."""
    reports = {name: check([synthesis.stack_folder()]) for name, synthesis in syntheses.items()}

    assert {name: (report.findings, report.inconclusive) for name, report in reports.items()} == dict.fromkeys(
        syntheses, ((), ())
    )
    assert min(report.resources for report in reports.values()) > 40


def test_the_stack_declares_the_metrics_of_the_function(pipeline: Template) -> None:
    line = metrics.embedded_metrics({}, function_name="f", timestamp=0)

    (declared,) = line["_aws"]["CloudWatchMetrics"]  # type: ignore[index] # the structure is in the EMF specification
    (function,) = pipeline.terraform["resource"]["aws_lambda_function"].values()
    assert function["//"]["emits"] == {
        declared["Namespace"]: {metric["Name"]: declared["Dimensions"] for metric in declared["Metrics"]}
    }

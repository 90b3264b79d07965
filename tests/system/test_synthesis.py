"""Whole runs of `python main.py`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from terraform_harness.synthesis import Synthesis

PROJECT = Path(__file__).parents[2]

# The pipeline with an added resource that an account can have only once.
WITH_A_DETECTOR = """
import sys
import main
main.choose_node()
import cdktf
from modules import stack

class Extended(stack.TransactionPipelineStack):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        cdktf.TerraformResource(self, "detector", terraform_resource_type="aws_guardduty_detector")

stack.TransactionPipelineStack = Extended
sys.exit(main.main())
"""


def test_main_writes_the_stack_below_cdktf_out_silently(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "cdktf.json", tmp_path)
    environment = {name: value for name, value in os.environ.items() if name != "CDKTF_OUTDIR"} | {"EPHEMERAL": "true"}

    finished = subprocess.run(
        [sys.executable, str(PROJECT / "main.py")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    written = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.tf.json")]
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert written == ["cdktf.out/stacks/transaction-pipeline/cdk.tf.json"]


def test_main_fails_with_the_findings_on_stderr(tmp_path: Path) -> None:
    environment = {**os.environ, "CDKTF_OUTDIR": str(tmp_path), "EPHEMERAL": "true"}

    finished = subprocess.run(
        [sys.executable, "-c", WITH_A_DETECTOR],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.returncode, finished.stdout) == (1, "")
    address, problem, *_ = finished.stderr.splitlines()
    assert address == "error account-singleton aws_guardduty_detector.detector"
    assert problem == (
        "  AWS allows 1 per account and Region: a second one fails with BadRequestException "
        "('a detector already exists for the current account'), and destroying the first disables GuardDuty "
        "(GuardDuty API: CreateDetector)."
    )


def test_main_warns_of_a_lasting_stack_without_a_subscriber(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"EPHEMERAL", "ALARM_SUBSCRIBERS"}}
    environment |= {"CDKTF_OUTDIR": str(tmp_path), "LOCAL_STATE": "true"}

    finished = subprocess.run(
        [sys.executable, str(PROJECT / "main.py")],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    warning, problem, remedy, summary = finished.stderr.splitlines()
    assert (finished.returncode, finished.stdout) == (0, "")
    assert warning.startswith("warning alarm-subscription aws_sns_topic.monitoring_topic_")
    assert problem.endswith(
        " and 16 other alarms notify this topic, but the stack has no subscription to it: "
        "the notifications have no recipient."
    )
    assert remedy == (
        "  Add an aws_sns_topic_subscription. If the topic has a subscription elsewhere, suppress this finding."
    )
    assert summary.endswith(" resources: 0 errors, 1 warning.")


def test_handler_is_imported_from_the_zip(syntheses: Mapping[str, Synthesis]) -> None:
    synthesis = syntheses["default"]
    function = synthesis.template().only("aws_lambda_function")
    module, _, name = function["handler"].rpartition(".")

    imported = subprocess.run(
        [sys.executable, "-c", f"import {module} as module; assert callable(module.{name}); print(module.__file__)"],
        env={"PYTHONPATH": str(synthesis.stack_folder() / function["filename"])},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "function.zip" in imported.stdout

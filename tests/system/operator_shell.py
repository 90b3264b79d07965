"""An operator's shell: it runs the code blocks of the runbook with bash, the AWS CLI and Terraform on LocalStack."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from embedded_localstack import LocalStack
from terraform_harness.terraform.providers import cli_configuration
from tests.runbook import code_blocks

PROJECT = Path(__file__).parents[2]
# The part of this repository that the commands use.
_LINKED = ("cdktf.json", "lambda_src", "main.py", "modules", "operations")
# Version 1 of the AWS CLI ignores AWS_ENDPOINT_URL for SQS.
_AWS = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'
_TERRAFORM = {
    "CHECKPOINT_DISABLE": "1",
    "TF_CLI_ARGS_apply": "-auto-approve -parallelism=30",
    "TF_CLI_ARGS_destroy": "-auto-approve -parallelism=30",
    "TF_CLI_ARGS_plan": "-no-color -parallelism=30",
    "TF_IN_AUTOMATION": "1",
    "TF_INPUT": "0",
}


@dataclass(frozen=True, kw_only=True)
class OperatorShell:
    """A working copy of the repository, and the settings of one environment, which tests may change."""

    folder: Path
    localstack: LocalStack
    settings: dict[str, str]

    @classmethod
    def deployed(cls, folder: Path, localstack: LocalStack, settings: Mapping[str, str]) -> Self:
        """Deploy an environment from a working copy in an empty folder."""
        for name in _LINKED:
            (folder / name).symlink_to(PROJECT / name)
        shell = cls(folder=folder, localstack=localstack, settings=dict(settings))
        shell.run("python main.py")
        configuration = cli_configuration(shell.stack, PROJECT / ".runs" / "plugins", os.environ)
        shell.terraform_configuration.write_text(configuration)
        shell.terraform("init")
        shell.terraform("apply")
        return shell

    @property
    def stack(self) -> Path:
        """The folder of the synthesized stack, with its Terraform state."""
        return self.folder / "cdktf.out" / "stacks" / "transaction-pipeline"

    @property
    def terraform_configuration(self) -> Path:
        """The configuration of the Terraform CLI, which names a mirror of the provider if there is one."""
        return self.folder / "terraform.tfrc"

    def blocks(self, section: str, **values: str) -> list[str]:
        """Return the code blocks of a section of the runbook for this environment."""
        common = {"s": self.settings["ENVIRONMENT_SUFFIX"], "account": "000000000000", "region": "us-east-1"}
        return code_blocks(section, common | values)

    def run(self, script: str) -> str:
        """Run a script in the working copy, and return its output; it must succeed."""
        finished = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", _AWS + script],
            cwd=self.folder,
            env={
                **os.environ,
                **_TERRAFORM,
                **self.localstack.environment,
                **self.settings,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "TF_CLI_CONFIG_FILE": str(self.terraform_configuration),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, f"{script}\n{finished.stdout}\n{finished.stderr}"
        return finished.stdout.strip()

    def terraform(self, command: str) -> str:
        """Run a command of Terraform in the folder of the stack, and return its output."""
        return self.run(f"cd {self.stack} && terraform {command}")

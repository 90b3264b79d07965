"""A developer's project: Terraform with a backend of its own, which the developer has applied before the tests run."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.target import Target
from terraform_harness.terraform.binary import find_terraform
from terraform_harness.terraform.providers import cli_configuration

type Json = dict[str, Any]

CONFTEST = """
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def terraform_configuration() -> Path:
    return Path(__file__).parent / "{folder}"
"""
TESTS = """
import signal


def test_green(terraform_deployment):
    assert len(terraform_deployment.terraform.state_addresses()) == 1


def test_failed(terraform_deployment):
    assert len(terraform_deployment.terraform.state_addresses()) == 2


def test_endless(terraform_deployment):
    signal.pause()
"""
# pytest and Python write these into every project.
BY_PYTEST = ("__pycache__", ".pytest_cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The folder and the backend of a project's Terraform files.

    Args:
        folder: The folder with the Terraform files.
        backend: Terraform's block with the backend; `{project}` and `{bucket}` are filled in.
        workspace: The workspace that the developer has selected.
        is_applied: Whether the developer has applied it; HCP Terraform would need an account.
        has_bucket: Whether it deploys a bucket, or Terraform's built-in resource type, which is faster.
    """

    folder: str
    backend: Json | None = None
    workspace: str | None = None
    is_applied: bool = True
    has_bucket: bool = False


S3 = {
    "bucket": "{bucket}",
    "key": "state/orders.tfstate",
    "region": "us-east-1",
    "use_path_style": True,
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": True,
}
ORGANIZATION = {"organization": "orders", "workspaces": {"name": "orders"}}
LAYOUTS: Mapping[str, Layout] = {
    "live state beside it": Layout(folder="infra", has_bucket=True),
    "repository root": Layout(folder="."),
    "cdktf default": Layout(
        folder="cdktf.out/stacks/orders",
        backend={"backend": {"local": {"path": "{project}/terraform.orders.tfstate"}}},
    ),
    "workspace": Layout(folder="infra", workspace="dev"),
    "s3 backend": Layout(folder="infra", backend={"backend": {"s3": S3}}),
    "http backend": Layout(
        folder="infra", backend={"backend": {"http": {"address": "http://127.0.0.1:1/state"}}}, is_applied=False
    ),
    "remote backend": Layout(folder="infra", backend={"backend": {"remote": ORGANIZATION}}, is_applied=False),
    "cloud block": Layout(folder="infra", backend={"cloud": ORGANIZATION}, is_applied=False),
}


class DevelopersProject:
    """A project whose resource the developer has deployed, with tests that deploy another one."""

    def __init__(self, path: Path, layout: Layout, target: Target) -> None:
        self.path = path
        self.target = target
        self.prefix = f"dev-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}-"
        self.state_bucket = f"state-{self.prefix}bucket"
        self._folder = path / layout.folder
        self._layout = layout
        self._write()
        target.client("s3").create_bucket(Bucket=self.state_bucket)
        if layout.is_applied:
            self._apply()

    def session(self, *arguments: str, **options: Any) -> "subprocess.Popen[str]":  # noqa: ANN401 - those of Popen
        """Start pytest in the project, as a developer does."""
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=self.path,
            env=os.environ | {"AWS_ENDPOINT_URL": str(self.target.endpoint)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def run_command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the harness in the project."""
        return subprocess.run(
            [sys.executable, "-m", "terraform_harness", *arguments],
            cwd=self.path,
            env=os.environ | {"AWS_ENDPOINT_URL": str(self.target.endpoint)},
            capture_output=True,
            text=True,
            check=False,
        )

    def runs(self) -> Sequence[Run]:
        """List the runs that are not clean."""
        return RunStore(self.path / ".runs").known()

    def files(self) -> Mapping[str, str]:
        """Return the digest of each file, without `.runs` and `reports`, and of each object of the backend."""
        s3 = self.target.client("s3")
        objects = s3.list_objects_v2(Bucket=self.state_bucket).get("Contents", [])
        ignored = {".runs", "reports", *BY_PYTEST}
        paths = [path for path in self.path.rglob("*") if not ignored & set(path.relative_to(self.path).parts)]
        return {
            **{str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()},
            **{f"s3://{each['Key']}": each["ETag"] for each in objects},
        }

    def buckets(self) -> Sequence[str]:
        """List the buckets of the developer and of the runs."""
        names = [bucket["Name"] for bucket in self.target.client("s3").list_buckets()["Buckets"]]
        return [name for name in names if name.startswith(self.prefix)]

    def clean_up(self) -> None:
        """Delete the resources of the developer."""
        s3 = self.target.client("s3")
        for each in s3.list_objects_v2(Bucket=self.state_bucket).get("Contents", []):
            s3.delete_object(Bucket=self.state_bucket, Key=each["Key"])
        for bucket in (self.state_bucket, *self.buckets()):
            s3.delete_bucket(Bucket=bucket)

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        backend = json.dumps(self._layout.backend or {})
        backend = backend.replace("{project}", str(self.path)).replace("{bucket}", self.state_bucket)
        bucket = {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
            "provider": {"aws": {"region": "us-east-1", "s3_use_path_style": True}},
            "resource": {"aws_s3_bucket": {"it": {"bucket_prefix": self.prefix, "force_destroy": True}}},
        }
        built_in: Json = {"terraform": {}, "resource": {"terraform_data": {"it": {"input": "${terraform.workspace}"}}}}
        configuration = bucket if self._layout.has_bucket else built_in
        configuration["terraform"] |= json.loads(backend)
        (self._folder / "main.tf.json").write_text(json.dumps(configuration))
        (self.path / "conftest.py").write_text(CONFTEST.format(folder=self._layout.folder))
        (self.path / "test_orders.py").write_text(TESTS)
        (self.path / "pytest.ini").write_text("[pytest]\n")
        # Files of a repository that are not part of the configuration.
        for name in (".git/HEAD", "node_modules/left-pad/index.js", ".venv/pyvenv.cfg", "other.tfstate"):
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(name)

    def _apply(self) -> None:
        """Run the commands of the developer."""
        self._terraform("init", "-input=false")
        if self._layout.workspace is not None:
            self._terraform("workspace", "new", self._layout.workspace)
        self._terraform("apply", "-auto-approve", "-input=false")

    def _terraform(self, *arguments: str) -> None:
        settings = self.path.parent / f"{self.prefix}terraform.tfrc"
        cache = self.path.parent / "plugins"
        settings.write_text(cli_configuration(self._folder, cache, os.environ))
        subprocess.run(
            [find_terraform(), *arguments],
            cwd=self._folder,
            env={**self.target.environment, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=True,
        )

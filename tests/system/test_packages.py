"""Each package builds, installs into an empty environment without this repository, and passes its own tests there."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import boto3
import pytest

PROJECT = Path(__file__).parents[2]
# The interpreter that this environment was made from: it has no packages of this repository.
BASE_PYTHON = str(Path(sys.base_prefix) / "bin" / "python3")
PACKAGES = sorted(folder.name for folder in (PROJECT / "packages").iterdir())
# The wheel with its extras, and the test libraries.
REQUIREMENTS = {
    "embedded-localstack": ["embedded-localstack", "pytest"],
    "iam-policy-evaluator": ["iam-policy-evaluator", "pytest", "hypothesis"],
    "terraform-guardrails": ["terraform-guardrails", "pytest", "hypothesis"],
    "terraform-harness": ["terraform-harness[localstack]", "pytest", "pytest-xdist", "hypothesis"],
}


def run(command: Sequence[str | Path], folder: Path) -> str:
    """Run a command without this repository's environment, and return its output."""
    hidden = ("VIRTUAL_ENV", "PYTHONPATH", "PYTEST_ADDOPTS", "AWS_ENDPOINT_URL")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    finished = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


@pytest.fixture(scope="module")
def uv() -> str:
    """uv, as make finds it."""
    return shutil.which("uv") or str(PROJECT / ".tools" / "bin" / "uv")


@pytest.fixture(scope="module")
def wheels(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels of all packages, and the locked versions of everything else."""
    folder = tmp_path_factory.mktemp("wheels")
    run([uv, "build", "--all-packages", "--wheel", "--quiet", "--out-dir", folder], PROJECT)
    export = ["export", "--locked", "--quiet", "--no-hashes", "--no-emit-workspace", "--all-packages", "--all-extras"]
    run([uv, *export, "--output-file", folder / "constraints.txt"], PROJECT)
    return folder


def install(uv: str, wheels: Path, folder: Path, requirements: Sequence[str]) -> Path:
    """Install requirements into a new environment, with this repository's packages from their wheels."""
    run([uv, "venv", "--quiet", "--python", BASE_PYTHON, folder / ".venv"], folder)
    python = folder / ".venv" / "bin" / "python"
    pip: list[str | Path] = ["pip", "install", "--quiet", "--python", python, "--find-links", wheels]
    run([uv, *pip, "--constraints", wheels / "constraints.txt", *requirements], folder)
    return python


@pytest.mark.parametrize("package", PACKAGES)
def test_package_passes_its_tests_alone(uv: str, wheels: Path, tmp_path: Path, package: str) -> None:
    source = PROJECT / "packages" / package
    for name in ("tests", "README.md", "docs", "examples"):
        if (source / name).is_dir():
            shutil.copytree(source / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (source / name).exists():
            shutil.copy(source / name, tmp_path / name)
    shutil.copy(source / "pyproject.toml", tmp_path)
    python = install(uv, wheels, tmp_path, REQUIREMENTS[package])

    output = run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], tmp_path)

    assert " passed" in output


@pytest.fixture(scope="module")
def stranger(uv: str, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with an environment that has the four packages, and the emulators' npm packages."""
    folder = tmp_path_factory.mktemp("stranger")
    install(
        uv,
        wheels,
        folder,
        ["terraform-harness[localstack]", "terraform-guardrails", "embedded-localstack[node,java]", "pytest"],
    )
    (folder / "node_modules").symlink_to(PROJECT / "node_modules")
    return folder


def test_installed_guardrails_check_a_file(stranger: Path) -> None:
    (stranger / "main.tf.json").write_text('{"resource": {"aws_guardduty_detector": {"main": {"enable": true}}}}')

    finished = subprocess.run(
        [stranger / ".venv" / "bin" / "terraform-guardrails", "main.tf.json"],
        cwd=stranger,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.returncode, finished.stderr) == (1, "")
    assert finished.stdout.startswith("error account-singleton aws_guardduty_detector.main\n")


def test_installed_plugin_deploys_the_example(stranger: Path) -> None:
    """The README's project: a bucket, deployed by Terraform to an embedded LocalStack, tested and destroyed."""
    example = shutil.copytree(PROJECT / "packages" / "terraform-harness" / "examples" / "bucket", stranger / "bucket")

    output = run([stranger / ".venv" / "bin" / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"], example)

    assert "2 passed" in output


def test_installed_command_starts_localstack(stranger: Path) -> None:
    """`embedded-localstack start` prints the endpoint, answers boto3, and stops on SIGINT."""
    with subprocess.Popen(
        [stranger / ".venv" / "bin" / "embedded-localstack", "start"],
        cwd=stranger,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        exports = (re.match(r"export (\w+)=(\S+)", line.strip()) for line in process.stdout)
        variables = {found[1]: found[2] for found in itertools.islice(filter(None, exports), 4)}
        session = boto3.Session("test", "test", region_name="us-east-1")

        queue = session.client("sqs", endpoint_url=variables["AWS_ENDPOINT_URL"]).create_queue(QueueName="orders")

        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert queue["QueueUrl"].endswith("/orders")

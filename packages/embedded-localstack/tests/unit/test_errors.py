from pathlib import Path

from embedded_localstack import (
    InstallFailedError,
    LocalStackDiedError,
    MissingProgramError,
    NotReadyError,
    PortBusyError,
    UnknownServiceError,
)


def test_port_busy_error() -> None:
    error = PortBusyError(port=4566)

    assert str(error) == (
        "Port 4566 on 127.0.0.1 is in use, so LocalStack cannot listen on it. "
        "Stop the process that uses the port, or omit the port: then LocalStack takes a free one."
    )


def test_unknown_service_error() -> None:
    error = UnknownServiceError(service="dynamo", supported=["lambda", "dynamodb"])

    assert str(error) == (
        "LocalStack cannot be started with the service 'dynamo': the readiness check does not support it. "
        "Choose from dynamodb, lambda. Other services load on their first call."
    )


def test_localstack_died_error_shows_the_last_lines_of_the_log(tmp_path: Path) -> None:
    log_file = tmp_path / "localstack.log"
    log_file.write_text("".join(f"line {number}\n" for number in range(30)))

    error = LocalStackDiedError(reason="exit code 1", log_file=log_file)

    assert str(error) == (
        f"LocalStack stopped unexpectedly (exit code 1). The last lines of {log_file}:\n"
        + "\n".join(f"  line {number}" for number in range(10, 30))
    )


def test_not_ready_error(tmp_path: Path) -> None:
    error = NotReadyError(service="kinesis", seconds=60.0, problem="refused", log_file=tmp_path / "none.log")

    assert str(error) == (
        f"LocalStack's kinesis did not respond within 60 s (refused). The last lines of {tmp_path / 'none.log'}:\n"
        "  (the log is empty)"
    )


def test_missing_program_error() -> None:
    error = MissingProgramError(program="Java 17 or newer", remedy="Add it to the PATH.")

    assert str(error) == "Java 17 or newer was not found. Add it to the PATH."


def test_install_failed_error() -> None:
    error = InstallFailedError(
        command=["npm", "install", "a b"], folder=Path("/cache"), exit_code=1, stderr="npm error\nnetwork\n"
    )

    assert str(error) == (
        "npm failed with exit code 1 in /cache:\n  $ npm install 'a b'\n  npm error\n  network\n"
        "Check the network connection and the npm registry, and try again."
    )

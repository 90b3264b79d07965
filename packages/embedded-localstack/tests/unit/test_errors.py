from pathlib import Path

from embedded_localstack import LocalStackDiedError, MissingProgramError, NotReadyError, PortBusyError


def test_a_busy_port_is_named_with_the_way_out() -> None:
    error = PortBusyError(port=4566)

    assert str(error) == (
        "Port 4566 on 127.0.0.1 is in use, so LocalStack cannot listen there. "
        "Stop what holds it, or give no port and a free one is taken."
    )


def test_a_death_shows_the_end_of_the_log(tmp_path: Path) -> None:
    log_file = tmp_path / "localstack.log"
    log_file.write_text("".join(f"line {number}\n" for number in range(30)))

    error = LocalStackDiedError(reason="exit code 1", log_file=log_file)

    assert str(error) == (
        f"LocalStack ended by itself (exit code 1). The end of {log_file}:\n"
        + "\n".join(f"  line {number}" for number in range(10, 30))
    )


def test_a_service_that_does_not_answer_is_named_with_the_last_problem(tmp_path: Path) -> None:
    error = NotReadyError(service="kinesis", seconds=60.0, problem="refused", log_file=tmp_path / "none.log")

    assert str(error) == (
        f"LocalStack's kinesis did not answer within 60 s (refused). The end of {tmp_path / 'none.log'}:\n"
        "  (the log is empty)"
    )


def test_a_missing_program_is_named_with_its_remedy() -> None:
    error = MissingProgramError(what="Java 17 or newer", remedy="Put one on the PATH.")

    assert str(error) == "Java 17 or newer was not found. Put one on the PATH."

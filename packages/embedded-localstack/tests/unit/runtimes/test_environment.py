from pathlib import Path

from embedded_localstack.runtimes.environment import function_environment


def test_environment_has_the_variables_of_aws_and_of_the_function() -> None:
    environment = function_environment(
        {
            "AWS_REGION": "eu-west-1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": 128,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": 3,
            "LOCALSTACK_HOSTNAME": "127.0.0.1",
            "EDGE_PORT": "4566",
            "LAMBDA_TASK_ROOT": "/var/task",
            "TABLE": "ledger",
        },
        {"TABLE": "ledger", "LOCALSTACK_OF_MINE": "kept"},
        task_root=Path("/task"),
        runtime_folder=Path("/runtime"),
        scratch=Path("/scratch"),
    )

    assert environment == {
        "AWS_REGION": "eu-west-1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "LAMBDA_TASK_ROOT": "/task",
        "LAMBDA_RUNTIME_DIR": "/runtime",
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": "/runtime",
        "HOME": "/scratch",
        "TMPDIR": "/scratch",
        "TABLE": "ledger",
        "LOCALSTACK_OF_MINE": "kept",
    }

"""What a function sees: variables, files, packages; and what it must not see."""

from collections.abc import Callable
from typing import Any

import pytest

_VARIABLES = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"
_PACKAGES = "https://docs.aws.amazon.com/lambda/latest/dg/python-package.html"
_HANDLER = "https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html"
_EXECUTION = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"

_ON_AWS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "PATH",
    "PYTHONPATH",
    "TZ",
    "_AWS_XRAY_DAEMON_ADDRESS",
    "_AWS_XRAY_DAEMON_PORT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
}
_OURS = {"AWS_ENDPOINT_URL", "HOME", "LC_CTYPE", "TMPDIR"}


@pytest.mark.documented(_VARIABLES)
def test_a_function_has_the_variables_of_aws_its_own_and_nothing_of_the_developer(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        """
        import os

        def handle(event, context):
            return dict(os.environ)
        """,
        Environment={"Variables": {"MINE": "value", "PYTHONHASHSEED": "7"}},
    )

    variables = invoke(function).payload

    assert set(variables) - _OURS == _ON_AWS | {"MINE", "PYTHONHASHSEED"}
    assert variables["MINE"] == "value"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == function
    assert variables["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert variables["TZ"] == ":UTC"


@pytest.mark.documented(_HANDLER)
def test_a_handler_may_stand_in_a_package_and_import_its_siblings(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        {
            "shop/__init__.py": "",
            "shop/orders/__init__.py": "",
            "shop/orders/take.py": "from .price import price\n\ndef handle(event, context):\n    return price(event)\n",
            "shop/orders/price.py": "def price(amount):\n    return amount * 2\n",
        },
        Handler="shop.orders.take.handle",
    )

    answer = invoke(function, 21)

    assert answer.payload == 42


@pytest.mark.documented(_EXECUTION)
def test_a_function_starts_in_its_unpacked_zip_and_keeps_its_temporary_files(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        {
            "main.py": """
                import os
                import pathlib
                import tempfile

                def handle(event, context):
                    kept = pathlib.Path(tempfile.gettempdir(), "kept")
                    before = kept.exists()
                    kept.touch()
                    return [os.getcwd() == os.environ["LAMBDA_TASK_ROOT"], pathlib.Path("data.txt").read_text(), before]
            """.replace("\n                ", "\n"),
            "data.txt": "shipped",
        }
    )

    first, second = invoke(function), invoke(function)

    assert first.payload == [True, "shipped", False]
    assert second.payload == [True, "shipped", True]


@pytest.mark.documented(_PACKAGES)
def test_boto3_is_there_and_the_packages_around_localstack_are_not(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        """
        import importlib.util

        NAMES = ["awslambdaric", "boto3", "botocore", "urllib3", "harness", "localstack", "moto", "pytest", "requests"]

        def handle(event, context):
            return [name for name in NAMES if importlib.util.find_spec(name)]
        """
    )

    answer = invoke(function)

    assert answer.payload == ["awslambdaric", "boto3", "botocore", "urllib3"]


@pytest.mark.documented(_VARIABLES)
def test_boto3_finds_localstack_and_acts_as_the_function_s_role(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        """
        import boto3

        def handle(event, context):
            return boto3.client("sts").get_caller_identity()["Arn"]
        """,
        MemorySize=256,
        Timeout=10,
    )

    answer = invoke(function)

    assert answer.payload == f"arn:aws:sts::000000000000:assumed-role/any/{function}"

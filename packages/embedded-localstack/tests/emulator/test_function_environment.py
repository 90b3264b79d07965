"""The variables, files and packages of a function, and those that must be hidden from it."""

import pytest

from localstack_support.functions import Functions

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
def test_variables_are_those_of_aws_and_the_functions_own(functions: Functions) -> None:
    """The developer's variables are hidden."""
    function = functions.create(
        """
        import os

        def handle(event, context):
            return dict(os.environ)
        """,
        Environment={"Variables": {"MINE": "value", "PYTHONHASHSEED": "7"}},
    )

    variables = functions.invoke(function).payload

    assert set(variables) - _OURS == _ON_AWS | {"MINE", "PYTHONHASHSEED"}
    assert variables["MINE"] == "value"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == function
    assert variables["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert variables["TZ"] == ":UTC"


@pytest.mark.documented(_HANDLER)
def test_handler_in_a_package_can_import_its_siblings(functions: Functions) -> None:
    function = functions.create(
        {
            "shop/__init__.py": "",
            "shop/orders/__init__.py": "",
            "shop/orders/take.py": "from .price import price\n\ndef handle(event, context):\n    return price(event)\n",
            "shop/orders/price.py": "def price(amount):\n    return amount * 2\n",
        },
        Handler="shop.orders.take.handle",
    )

    response = functions.invoke(function, 21)

    assert response.payload == 42


@pytest.mark.documented(_EXECUTION)
def test_working_folder_is_the_zip_and_temporary_files_persist(functions: Functions) -> None:
    function = functions.create(
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

    first, second = functions.invoke(function), functions.invoke(function)

    assert first.payload == [True, "shipped", False]
    assert second.payload == [True, "shipped", True]


@pytest.mark.documented(_PACKAGES)
def test_only_the_packages_of_the_aws_runtime_can_be_imported(functions: Functions) -> None:
    """The packages of LocalStack's own environment are hidden."""
    function = functions.create(
        """
        import importlib.util

        AWS = ["awslambdaric", "boto3", "botocore", "urllib3"]
        OTHERS = ["embedded_localstack", "localstack", "moto", "psutil", "pytest", "requests", "terraform_harness"]

        def handle(event, context):
            return [name for name in AWS + OTHERS if importlib.util.find_spec(name)]
        """
    )

    response = functions.invoke(function)

    assert response.payload == ["awslambdaric", "boto3", "botocore", "urllib3"]


@pytest.mark.documented(_VARIABLES)
def test_boto3_calls_localstack_with_the_role_of_the_function(functions: Functions) -> None:
    function = functions.create(
        """
        import boto3

        def handle(event, context):
            return boto3.client("sts").get_caller_identity()["Arn"]
        """,
        MemorySize=256,
        Timeout=10,
    )

    response = functions.invoke(function)

    assert response.payload == f"arn:aws:sts::000000000000:assumed-role/any/{function}"

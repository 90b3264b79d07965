"""Functions that cannot run here are refused when they are made."""

import os

from localstack.aws.api import RequestContext
from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.aws.chain import HandlerChain
from localstack.http import Response

from embedded_localstack import settings
from embedded_localstack.runtimes.environment import RUNTIME

_OPERATIONS = ("CreateFunction", "UpdateFunctionConfiguration")
_ELSEWHERE = "Run this function on LocalStack in a container."


def refuse_unsupported(_chain: HandlerChain, context: RequestContext, _response: Response) -> None:
    """Answer InvalidParameterValueException for another runtime, for layers and for container images."""
    if context.operation is None or context.service.service_name != "lambda":
        return
    if context.operation.name not in _OPERATIONS:
        return
    request = context.service_request
    if request.get("PackageType") == "Image":
        raise _refusal("Container images need Docker, and the embedded LocalStack has none.")
    runtime = request.get("Runtime", RUNTIME)
    if runtime != RUNTIME and not (settings.ANY_PYTHON in os.environ and runtime.startswith("python3.")):
        raise _refusal(f"Runtime {runtime} is not there: functions run in LocalStack's own Python, {RUNTIME}.")
    if request.get("Layers"):
        raise _refusal("Layers are not supported by the embedded LocalStack.")


def _refusal(reason: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(f"{reason} {_ELSEWHERE}", Type="User")

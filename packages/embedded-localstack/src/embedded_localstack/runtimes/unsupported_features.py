"""Refuses functions that a subprocess cannot run, when they are created."""

import os

from localstack.aws.api import RequestContext
from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.aws.chain import HandlerChain
from localstack.http import Response

from embedded_localstack import settings
from embedded_localstack.runtimes.environment import RUNTIME

_OPERATIONS = ("CreateFunction", "UpdateFunctionConfiguration")
_REMEDY = "Run this function on LocalStack in a container."


def refuse_unsupported(_chain: HandlerChain, context: RequestContext, _response: Response) -> None:
    """Raise InvalidParameterValueException for another runtime, for layers and for container images."""
    if context.operation is None or context.service.service_name != "lambda":
        return
    if context.operation.name not in _OPERATIONS:
        return
    request = context.service_request
    if request.get("PackageType") == "Image":
        raise _error("The embedded LocalStack runs without Docker, so it does not support container images.")
    runtime = request.get("Runtime", RUNTIME)
    if runtime != RUNTIME and not (settings.ANY_PYTHON in os.environ and runtime.startswith("python3.")):
        raise _error(f"The embedded LocalStack does not support the runtime {runtime}: its own Python is {RUNTIME}.")
    if request.get("Layers"):
        raise _error("The embedded LocalStack does not support layers.")


def _error(problem: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(f"{problem} {_REMEDY}", Type="User")

"""A handler in LocalStack's request chain that records the API calls of functions."""

from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Request, Response

from embedded_localstack.call_log.recorded_call import LAMBDA, RecordedCall, resources_of
from embedded_localstack.call_log.recorder import Recorder
from embedded_localstack.runtimes.callers import caller_of

_recorder = Recorder()


def serve(_: Request) -> Response:
    """Return the call log."""
    return Response(_recorder.to_json(), mimetype="application/json")


def record(_chain: HandlerChain, context: RequestContext, _response: Response) -> None:
    """Record the call if a function made it, or Lambda for a function."""
    if context.operation is None:
        return
    function, caller = _function_and_caller(context)
    if not function:
        return
    service, operation = context.service.service_name, context.operation.name
    for resource in resources_of(context.service_request or {}):
        _recorder.record(
            RecordedCall(function=function, caller=caller, service=service, operation=operation, resource=resource)
        )


def _function_and_caller(context: RequestContext) -> tuple[str, str]:
    """Return the function that the call belongs to and its caller, or empty strings."""
    if sandbox := caller_of(context.request.headers.get("Authorization", "")):
        return sandbox.function_name, sandbox.function_name
    internal = context.internal_request_params or {}
    # LocalStack's event source poller states this when it reads a stream with the function's role.
    if internal.get("service_principal") == "lambda" and ":function:" in (internal.get("source_arn") or ""):
        return internal["source_arn"].split(":function:")[1].split(":")[0], LAMBDA
    return "", ""

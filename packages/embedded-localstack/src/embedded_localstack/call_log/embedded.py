"""A handler in LocalStack's request chain that notes the calls of functions, and of Lambda on their behalf."""

from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Request, Response

from embedded_localstack.call_log.recorded import LAMBDA, RecordedCall, resources_of
from embedded_localstack.call_log.recorder import Recorder
from embedded_localstack.runtimes.callers import caller_of

_recorder = Recorder()


def show(_: Request) -> Response:
    """Serve the address at which the notes are read."""
    return Response(_recorder.answer(), mimetype="application/json")


def note(_chain: HandlerChain, context: RequestContext, _response: Response) -> None:
    """Note the call, if a function made it or Lambda made it for one; let it through either way."""
    if context.operation is None:
        return
    function, caller = _made_by(context)
    if not function:
        return
    service, operation = context.service.service_name, context.operation.name
    for resource in resources_of(context.service_request or {}):
        _recorder.note(
            RecordedCall(function=function, caller=caller, service=service, operation=operation, resource=resource)
        )


def _made_by(context: RequestContext) -> tuple[str, str]:
    """Return for which function the call was made, and by whom."""
    if sandbox := caller_of(context.request.headers.get("Authorization", "")):
        return sandbox.function_name, sandbox.function_name
    internal = context.internal_request_params or {}
    # What LocalStack's event source poller says of itself when it reads a stream with the function's role.
    if internal.get("service_principal") == "lambda" and ":function:" in (internal.get("source_arn") or ""):
        return internal["source_arn"].split(":function:")[1].split(":")[0], LAMBDA
    return "", ""

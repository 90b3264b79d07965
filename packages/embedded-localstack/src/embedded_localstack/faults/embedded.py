"""A handler in LocalStack's request chain that injects faults, also into LocalStack's internal calls."""

import secrets

import urllib3
from localstack import config
from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Request
from localstack.http import Response as HttpResponse
from localstack.http.request import get_raw_path

from embedded_localstack.faults.call import Call, Response
from embedded_localstack.faults.control import Control
from embedded_localstack.faults.injection import inject
from embedded_localstack.runtimes.callers import caller_of

# A request with this header was forwarded by this handler.
_FORWARDED = "X-Fault-Forwarded"
_SECRET = secrets.token_hex()

_control = Control()
_pool = urllib3.PoolManager(maxsize=32, retries=False)


def serve(request: Request) -> HttpResponse:
    """Handle a request to the control address."""
    return HttpResponse(_control.handle(request.method, request.get_data()), mimetype="application/json")


def inject_fault(chain: HandlerChain, context: RequestContext, response: HttpResponse) -> None:
    """Inject the scheduled fault into a call, if any."""
    schedule, request = _control.schedule, context.request
    if context.operation is None:
        return
    service, operation = context.service.service_name, context.operation.name
    if not schedule.matches(service, operation) or request.headers.get(_FORWARDED) == _SECRET:
        return
    call = Call(
        service=service,
        operation=operation,
        method=request.method,
        target=get_raw_path(request) + (f"?{request.query_string.decode()}" if request.query_string else ""),
        headers=dict(request.headers),
        body=request.get_data(),
    )
    injected = inject(schedule, call, _forward, caller_of(request.headers.get("Authorization", "")))
    if injected is None:
        injected = Response(status=504)
        response.headers["Connection"] = "close"
    response.status_code = injected.status
    response.headers.update(injected.headers)
    response.data = injected.body
    chain.stop()


def _forward(call: Call) -> Response:
    headers = {name: value for name, value in call.headers.items() if name.lower() != "content-length"}
    response = _pool.urlopen(
        call.method,
        f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}{call.target}",
        body=call.body,
        headers={**headers, _FORWARDED: _SECRET},
        redirect=False,
        decode_content=False,
    )
    return Response(status=response.status, headers=dict(response.headers), body=response.data)

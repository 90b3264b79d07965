"""Faults inside the embedded LocalStack: a handler in its request chain, which sees its own internal calls too."""

import secrets

import urllib3
from localstack import config
from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Request, Response
from localstack.http.request import get_raw_path

from embedded_localstack.faults.call import Answer, Call
from embedded_localstack.faults.control import Control
from embedded_localstack.faults.injection import inject
from embedded_localstack.runtimes.callers import caller_of

# A request with this header is one that was let through already.
_PASSED = "X-Fault-Passed"
_PASS = secrets.token_hex()

_control = Control()
_pool = urllib3.PoolManager(maxsize=32, retries=False)


def control(request: Request) -> Response:
    """Serve the address at which faults are switched."""
    return Response(_control.answer(request.method, request.get_data()), mimetype="application/json")


def maybe_fail(chain: HandlerChain, context: RequestContext, response: Response) -> None:
    """Let the call through, or make it fail as the plan in force has it."""
    plan, request = _control.plan, context.request
    if context.operation is None:
        return
    service, operation = context.service.service_name, context.operation.name
    if not plan.concerns(service, operation) or request.headers.get(_PASSED) == _PASS:
        return
    call = Call(
        service=service,
        operation=operation,
        method=request.method,
        target=get_raw_path(request) + (f"?{request.query_string.decode()}" if request.query_string else ""),
        headers=dict(request.headers),
        body=request.get_data(),
    )
    answer = inject(plan, call, _forward, caller_of(request.headers.get("Authorization", "")))
    if answer is None:
        answer = Answer(status=504)
        response.headers["Connection"] = "close"
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response.data = answer.body
    chain.stop()


def _forward(call: Call) -> Answer:
    headers = {name: value for name, value in call.headers.items() if name.lower() != "content-length"}
    response = _pool.urlopen(
        call.method,
        f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}{call.target}",
        body=call.body,
        headers={**headers, _PASSED: _PASS},
        redirect=False,
        decode_content=False,
    )
    return Answer(status=response.status, headers=dict(response.headers), body=response.data)

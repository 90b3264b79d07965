"""Making one call fail."""

import time
from collections.abc import Callable
from typing import Protocol

from embedded_localstack.faults import batches, protocol
from embedded_localstack.faults.call import Answer, Call
from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.plan import Plan

_THROTTLES = {
    "kinesis": ("ProvisionedThroughputExceededException", 400),
    "lambda": ("TooManyRequestsException", 429),
    "s3": ("SlowDown", 503),
}
_ERRORS = {"dynamodb": "InternalServerError", "lambda": "ServiceException", "s3": "InternalError"}

type Forward = Callable[[Call], Answer]


class Caller(Protocol):
    """The function process that made a call."""

    def kill(self) -> None:
        """Kill it now."""

    def freeze(self) -> None:
        """Hold it until its timeout."""


def inject(plan: Plan, call: Call, forward: Forward, caller: Caller | None = None) -> Answer | None:
    """Return what the caller of ``call`` gets; nothing at all for a call that times out."""
    parts = batches.parts_of(call)
    kinds = frozenset(Kind) - {Kind.THROTTLE} if parts else frozenset(Kind)
    if fault := plan.draw(call.service, call.operation, kinds):
        return _fail(fault, call, forward, caller)
    throttled = [plan.draw(call.service, call.operation, {Kind.THROTTLE}) is not None for _ in parts]
    return batches.run_without(call, throttled, forward) if any(throttled) else forward(call)


def _fail(fault: Fault, call: Call, forward: Forward, caller: Caller | None) -> Answer | None:
    match fault.kind:
        case Kind.THROTTLE:
            code, status = _THROTTLES.get(call.service, ("ThrottlingException", 400))
            return protocol.error(call.service, code, "Rate exceeded (a fault).", status)
        case Kind.ERROR:
            code = _ERRORS.get(call.service, "InternalFailure")
            return protocol.error(call.service, code, "The service failed (a fault).", 500)
        case Kind.SLOW:
            time.sleep(fault.seconds)
        case Kind.TIMEOUT:
            time.sleep(fault.seconds)
            return None
        case Kind.DUPLICATE:
            forward(call)
        case Kind.CRASH | Kind.HANG:
            answer = forward(call)
            if caller:
                caller.kill() if fault.kind is Kind.CRASH else caller.freeze()
            return answer
    return forward(call)

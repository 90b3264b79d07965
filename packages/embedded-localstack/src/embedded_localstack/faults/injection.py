"""Injects a fault into one API call."""

import time
from collections.abc import Callable
from typing import Protocol

from embedded_localstack.faults.call import Call, Response
from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.multi_entry_calls import entries_of, forward_except
from embedded_localstack.faults.protocol import error_response
from embedded_localstack.faults.schedule import FaultSchedule

_THROTTLES = {
    "kinesis": ("ProvisionedThroughputExceededException", 400),
    "lambda": ("TooManyRequestsException", 429),
    "s3": ("SlowDown", 503),
}
_ERRORS = {"dynamodb": "InternalServerError", "lambda": "ServiceException", "s3": "InternalError"}

type Forward = Callable[[Call], Response]


class Caller(Protocol):
    """The function process that made a call."""

    def kill(self) -> None:
        """Kill the process."""

    def freeze(self) -> None:
        """Freeze the process until its timeout."""


def inject(schedule: FaultSchedule, call: Call, forward: Forward, caller: Caller | None = None) -> Response | None:
    """Execute ``call`` with the scheduled fault, and return the response; ``None`` for a call that times out."""
    entries = entries_of(call)
    kinds = frozenset(Kind) - {Kind.THROTTLE} if entries else frozenset(Kind)
    if fault := schedule.draw(call.service, call.operation, kinds):
        return _fail(fault, call, forward, caller)
    throttled = [schedule.draw(call.service, call.operation, {Kind.THROTTLE}) is not None for _ in entries]
    return forward_except(call, throttled, forward) if any(throttled) else forward(call)


def _fail(fault: Fault, call: Call, forward: Forward, caller: Caller | None) -> Response | None:
    match fault.kind:
        case Kind.THROTTLE:
            code, status = _THROTTLES.get(call.service, ("ThrottlingException", 400))
            return error_response(call.service, code, "Rate exceeded (a fault).", status)
        case Kind.ERROR:
            code = _ERRORS.get(call.service, "InternalFailure")
            return error_response(call.service, code, "The service failed (a fault).", 500)
        case Kind.SLOW:
            time.sleep(fault.seconds)
        case Kind.TIMEOUT:
            time.sleep(fault.seconds)
            return None
        case Kind.DUPLICATE:
            forward(call)
        case Kind.CRASH | Kind.HANG:
            response = forward(call)
            if caller:
                caller.kill() if fault.kind is Kind.CRASH else caller.freeze()
            return response
    return forward(call)

"""The address at which faults are switched, the same in the embedded LocalStack and in the proxy."""

import json

from embedded_localstack.faults.fault import Fault
from embedded_localstack.faults.plan import Plan

# No bucket can have this name, so it is nobody's address.
PATH = "/_faults"


class Control:
    """Holds the plan in force."""

    def __init__(self) -> None:
        self.plan = Plan()

    def answer(self, method: str, body: bytes) -> bytes:
        """Take a new plan (PUT), and tell how often each fault of the plan in force has happened."""
        if method == "PUT":
            document = json.loads(body)
            self.plan = Plan([Fault.from_json(fault) for fault in document["faults"]], document["seed"])
        return json.dumps({"injected": self.plan.injected}).encode()

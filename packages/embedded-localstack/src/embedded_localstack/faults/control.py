"""The control address of faults, which the embedded LocalStack and the proxy share."""

import json

from embedded_localstack.faults.fault import Fault
from embedded_localstack.faults.schedule import FaultSchedule

# A bucket cannot have this name, so the address is free.
PATH = "/_faults"


class Control:
    """Holds the active fault schedule."""

    def __init__(self) -> None:
        self.schedule = FaultSchedule()

    def handle(self, method: str, body: bytes) -> bytes:
        """Replace the schedule on PUT, and return how often each active fault was injected."""
        if method == "PUT":
            document = json.loads(body)
            self.schedule = FaultSchedule([Fault.from_json(fault) for fault in document["faults"]], document["seed"])
        return json.dumps({"injected": self.schedule.injected}).encode()

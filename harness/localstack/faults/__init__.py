"""Faults that repeat: seeded, switched at run time, in the embedded LocalStack or in front of any endpoint."""

from harness.localstack.faults.client import Faults
from harness.localstack.faults.fault import Fault, Kind
from harness.localstack.faults.proxy import FaultProxy

__all__ = ["Fault", "FaultProxy", "Faults", "Kind"]

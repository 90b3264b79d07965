"""Faults that repeat: seeded, switched at run time, in the embedded LocalStack or in front of any endpoint."""

from embedded_localstack.faults.client import Faults
from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.proxy import FaultProxy

__all__ = ["Fault", "FaultProxy", "Faults", "Kind"]

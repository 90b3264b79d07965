"""Reproducible faults in API calls, in the embedded LocalStack or in a proxy in front of another endpoint."""

from embedded_localstack.faults.client import Faults
from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.proxy import FaultProxy

__all__ = ["Fault", "FaultProxy", "Faults", "Kind"]

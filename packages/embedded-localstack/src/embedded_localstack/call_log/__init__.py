"""Which AWS calls functions really made, noted by the embedded LocalStack."""

from embedded_localstack.call_log.client import Calls
from embedded_localstack.call_log.recorded import LAMBDA, RecordedCall

__all__ = ["LAMBDA", "Calls", "RecordedCall"]

"""Which AWS calls functions really made, noted by the embedded LocalStack."""

from harness.localstack.calls.client import Calls
from harness.localstack.calls.recorded import LAMBDA, RecordedCall

__all__ = ["LAMBDA", "Calls", "RecordedCall"]

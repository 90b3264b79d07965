"""The log of the AWS API calls that functions make in the embedded LocalStack."""

from embedded_localstack.call_log.client import CallLog
from embedded_localstack.call_log.recorded_call import LAMBDA, RecordedCall

__all__ = ["LAMBDA", "CallLog", "RecordedCall"]

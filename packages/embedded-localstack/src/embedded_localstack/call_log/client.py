"""Reads the call log of an embedded LocalStack."""

from collections.abc import Set as AbstractSet
from urllib.error import URLError

from embedded_localstack.call_log.recorded_call import PATH, RecordedCall
from embedded_localstack.control_client import request_json
from embedded_localstack.errors import TooManyCallsError


class CallLog:
    """The API calls that functions have made since the start of the LocalStack at an endpoint."""

    def __init__(self, endpoint_url: str) -> None:
        self._url = f"{endpoint_url}{PATH}"

    @property
    def is_available(self) -> bool:
        """Whether the endpoint is an embedded LocalStack: other endpoints have no call log."""
        try:
            request_json(self._url)
        except URLError:
            return False
        return True

    def recorded(self) -> AbstractSet[RecordedCall]:
        """Return each distinct call once.

        Raises:
            TooManyCallsError: The log is full, so that calls are missing from it.
        """
        document = request_json(self._url)
        if document["left_out"]:
            raise TooManyCallsError(limit=len(document["calls"]))
        return {RecordedCall(**call) for call in document["calls"]}

"""Reading from a test what the embedded LocalStack has noted."""

from collections.abc import Set as AbstractSet
from urllib.error import URLError

from embedded_localstack.call_log.recorded import PATH, RecordedCall
from embedded_localstack.control_client import ask
from embedded_localstack.errors import TooManyCallsError


class Calls:
    """The calls that functions have made since the embedded LocalStack at an address was started."""

    def __init__(self, endpoint_url: str) -> None:
        self._url = f"{endpoint_url}{PATH}"

    @property
    def are_recorded(self) -> bool:
        """Whether the LocalStack at the address is an embedded one: no other notes them."""
        try:
            ask(self._url)
        except URLError:
            return False
        return True

    def recorded(self) -> AbstractSet[RecordedCall]:
        """Return each distinct call once.

        Raises:
            TooManyCallsError: There were more than LocalStack keeps, so the answer would not be whole.
        """
        answer = ask(self._url)
        if answer["left_out"]:
            raise TooManyCallsError(kept=len(answer["calls"]))
        return {RecordedCall(**call) for call in answer["calls"]}

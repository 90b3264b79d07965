"""Creates boto3 sessions for a LocalStack."""

from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from embedded_localstack.settings import ACCESS_KEY, REGION


class LocalStackSession(boto3.Session):
    """A boto3 session whose clients and resources call one endpoint, without a proxy.

    Args:
        endpoint_url: Returns the address when a client is created: a LocalStack chooses its port when it starts.
    """

    def __init__(self, endpoint_url: Callable[[], str]) -> None:
        botocore_session = botocore.session.get_session()
        # A proxy of the shell cannot reach 127.0.0.1 of this machine.
        botocore_session.set_default_client_config(Config(proxies={}))
        super().__init__(
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
            region_name=REGION,
            botocore_session=botocore_session,
        )
        self._endpoint_url = endpoint_url

    def client(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - callers see the types of boto3.Session
        """Create a client; an explicit ``endpoint_url``, such as a fault proxy's, takes precedence."""
        kwargs["endpoint_url"] = kwargs.get("endpoint_url") or self._endpoint_url()
        return super().client(*args, **kwargs)

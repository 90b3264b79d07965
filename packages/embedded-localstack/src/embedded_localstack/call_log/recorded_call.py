"""One entry of the call log: the caller and the names of resources, but no data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# A bucket cannot have this name, so the address is free.
PATH = "/_calls"

#: The caller that is the Lambda service itself, with the function's role.
LAMBDA = "lambda.amazonaws.com"

_NAMES = ("FunctionName", "KeyId", "QueueUrl", "StreamARN", "StreamName", "TableName", "TopicArn", "logGroupName")
_PARTIQL = re.compile(r'\s*(INSERT|SELECT|UPDATE|DELETE)\b.*?"([^"]+)"', re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedCall:
    """An API call that was made at least once.

    Args:
        function: The name of the function that made the call, or that Lambda made it for.
        caller: The name of the function, or ``LAMBDA``.
        service: The service as boto3 names it.
        operation: The operation as AWS names it.
        resource: A name or ARN; for an S3 object its bucket and prefix; for a PartiQL statement its verb and table;
            else an empty string.
    """

    function: str
    caller: str
    service: str
    operation: str
    resource: str


def resources_of(parameters: Mapping[str, Any]) -> frozenset[str]:
    """Return the resources that the parameters of a call name, or one empty string."""
    return frozenset(_resources(parameters)) or frozenset({""})


def _resources(parameters: Mapping[str, Any]) -> Iterator[str]:
    for name in _NAMES:
        if name in parameters:
            yield str(parameters[name])
    if "Bucket" in parameters:
        # The names of objects are left out, because their number is not limited.
        prefix, slash, _ = str(parameters.get("Key", "")).rpartition("/")
        yield f"{parameters['Bucket']}/{prefix}{slash}" if "Key" in parameters else str(parameters["Bucket"])
    yield from parameters.get("RequestItems", {})
    for part in (parameters, *parameters.get("Statements", ())):
        if "Statement" in part:
            found = _PARTIQL.match(part["Statement"])
            yield f"{found[1].upper()} {found[2]}" if found else "a statement of an unknown form"

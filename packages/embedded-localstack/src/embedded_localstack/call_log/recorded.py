"""What is kept of a call: who made it and what it names, and nothing of what it carries."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# No bucket can have this name, so it is nobody's address.
PATH = "/_calls"

#: The caller that is the Lambda service itself, with the function's role.
LAMBDA = "lambda.amazonaws.com"

_NAMES = ("FunctionName", "KeyId", "QueueUrl", "StreamARN", "StreamName", "TableName", "TopicArn", "logGroupName")
_PARTIQL = re.compile(r'\s*(INSERT|SELECT|UPDATE|DELETE)\b.*?"([^"]+)"', re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedCall:
    """A call that was made at least once.

    Args:
        function: The name of the function that it was made by or for.
        caller: The same name, or ``LAMBDA``.
        service: The service as boto3 calls it.
        operation: The operation as AWS calls it.
        resource: A name or ARN; of an object its bucket and folder; of a statement its verb and table; or nothing.
    """

    function: str
    caller: str
    service: str
    operation: str
    resource: str


def resources_of(parameters: Mapping[str, Any]) -> frozenset[str]:
    """Return what the parameters of a call name, an empty text if nothing."""
    return frozenset(_resources(parameters)) or frozenset({""})


def _resources(parameters: Mapping[str, Any]) -> Iterator[str]:
    for name in _NAMES:
        if name in parameters:
            yield str(parameters[name])
    if "Bucket" in parameters:
        # Of each object's own name nothing is kept: there may be any number of them.
        folder, slash, _ = str(parameters.get("Key", "")).rpartition("/")
        yield f"{parameters['Bucket']}/{folder}{slash}" if "Key" in parameters else str(parameters["Bucket"])
    yield from parameters.get("RequestItems", {})
    for part in (parameters, *parameters.get("Statements", ())):
        if "Statement" in part:
            found = _PARTIQL.match(part["Statement"])
            yield f"{found[1].upper()} {found[2]}" if found else "a statement of an unknown form"

"""Recognises the service and operation of a request, and builds error responses, from botocore's service models."""

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from embedded_localstack.faults.call import Response

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel
    from botocore.session import Session

# Services whose name in a signature differs from the name that boto3 uses.
_SIGNING_NAMES = {"monitoring": "cloudwatch"}

# A greedy label of a path, such as {Key+}, also matches slashes.
_WILDCARDS = {"+}": ".+"}

# https://docs.aws.amazon.com/general/latest/gr/sigv4-create-string-to-sign.html (the credential scope)
_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")


def recognise(method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """Return the service and the operation of a request; an unknown one is an empty string."""
    lower = {name.lower(): value for name, value in headers.items()}
    scope = _SCOPE.search(lower.get("authorization", ""))
    if scope is None:
        return "", ""
    service = _SIGNING_NAMES.get(scope[1], scope[1])
    path = urlsplit(target).path
    if "x-amz-target" in lower:
        return service, lower["x-amz-target"].rpartition(".")[2]
    if rpc := re.fullmatch(r"/service/[^/]+/operation/(\w+)", path):
        return service, rpc[1]
    if "x-www-form-urlencoded" in lower.get("content-type", ""):
        return service, parse_qs(body.decode()).get("Action", [""])[0]
    return service, _rest_operation(service, method, target, lower)


def error_response(service: str, code: str, message: str, status: int) -> Response:
    """Return an error response in the format of the service."""
    protocol = _model(service).metadata["protocol"]
    if protocol in {"query", "ec2", "rest-xml"}:
        inner = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        body = (
            inner if protocol == "rest-xml" else f"<ErrorResponse>{inner}<RequestId>fault</RequestId></ErrorResponse>"
        )
        return Response(status=status, headers={"Content-Type": "text/xml"}, body=body.encode())
    return Response(
        status=status,
        headers={"Content-Type": "application/x-amz-json-1.0", "x-amzn-ErrorType": code},
        body=json.dumps({"__type": code, "message": message}).encode(),
    )


def has_operation(service: str, matches: Callable[[str], bool]) -> bool:
    """Return whether AWS has the service, and an operation that matches."""
    return service in _session().get_available_services() and any(map(matches, _model(service).operation_names))


@dataclass(frozen=True, kw_only=True)
class _Route:
    """The request of an operation of a REST service, with its required headers and query fields."""

    operation: str
    method: str
    path: re.Pattern[str]
    required: frozenset[str]


def _rest_operation(service: str, method: str, target: str, headers: Iterable[str]) -> str:
    url = urlsplit(target)
    given = {*headers, *parse_qs(url.query, keep_blank_values=True)}
    fitting = [
        route
        for route in _routes(service)
        if route.method == method and route.path.fullmatch(url.path) and route.required <= given
    ]
    return max(fitting, key=lambda route: len(route.required)).operation if fitting else ""


@functools.cache
def _routes(service: str) -> list[_Route]:
    return [_route(_model(service).operation_model(name)) for name in _model(service).operation_names]


def _route(operation: "OperationModel") -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    shape = operation.input_shape
    members = [shape.members[name] for name in shape.required_members] if shape else []
    in_request = [member.serialization for member in members if member.serialization.get("location") != "uri"]
    return _Route(
        operation=operation.name,
        method=operation.http["method"],
        path=_pattern(path),
        required=frozenset(parse_qs(query, keep_blank_values=True))
        | {field["name"].lower() for field in in_request if field.get("location") == "header"}
        | {field["name"] for field in in_request if field.get("location") == "querystring"},
    )


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\+?\})", path)
    return re.compile(
        "".join(_WILDCARDS.get(part[-2:], "[^/]+") if part[:1] == "{" else re.escape(part) for part in parts)
    )


@functools.cache
def _model(service: str) -> "ServiceModel":
    return _session().get_service_model(service)


@functools.cache
def _session() -> "Session":
    # This import is late because the supervisor imports this package too, and LocalStack waits for it.
    from botocore.session import get_session  # noqa: PLC0415

    return get_session()

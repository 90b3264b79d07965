import json

import pytest

from embedded_localstack.faults.call import Response
from embedded_localstack.faults.protocol import error_response, recognise


def _signed(signing_name: str, **headers: str) -> dict[str, str]:
    scope = f"AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/{signing_name}/aws4_request, Signature=any"
    return {"Authorization": scope, **{name.replace("_", "-"): value for name, value in headers.items()}}


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "expected"),
    [
        pytest.param(
            "POST",
            "/",
            _signed("dynamodb", X_Amz_Target="DynamoDB_20120810.BatchExecuteStatement"),
            b"{}",
            ("dynamodb", "BatchExecuteStatement"),
            id="a target in a header",
        ),
        pytest.param(
            "POST",
            "/",
            _signed("sns", Content_Type="application/x-www-form-urlencoded; charset=utf-8"),
            b"Action=Publish&Message=x",
            ("sns", "Publish"),
            id="an action in a form",
        ),
        pytest.param(
            "POST",
            "/service/GraniteServiceVersion20100801/operation/PutMetricData",
            _signed("monitoring"),
            b"",
            ("cloudwatch", "PutMetricData"),
            id="an operation in the path",
        ),
        pytest.param(
            "POST",
            "/2015-03-31/functions/any/invocations",
            _signed("lambda"),
            b"{}",
            ("lambda", "Invoke"),
            id="a REST path",
        ),
        pytest.param("PUT", "/bucket/a/b", _signed("s3"), b"x", ("s3", "PutObject"), id="an object with a long key"),
        pytest.param(
            "PUT",
            "/bucket/a",
            _signed("s3", x_amz_copy_source="/other/b"),
            b"",
            ("s3", "CopyObject"),
            id="a header of a copy",
        ),
        pytest.param(
            "PUT",
            "/bucket/a?partNumber=1&uploadId=2",
            _signed("s3"),
            b"x",
            ("s3", "UploadPart"),
            id="a query of an upload",
        ),
        pytest.param("GET", "/_localstack/health", {}, b"", ("", ""), id="not an AWS call"),
    ],
)
def test_service_and_operation_of_a_request_are_recognised(
    method: str, target: str, headers: dict[str, str], body: bytes, expected: tuple[str, str]
) -> None:
    assert recognise(method, target, headers, body) == expected


def test_error_response_has_the_format_of_the_service() -> None:
    from_dynamodb = error_response("dynamodb", "Code", "a < b", 400)
    from_s3 = error_response("s3", "Code", "a < b", 503)

    assert json.loads(from_dynamodb.body) == {"__type": "Code", "message": "a < b"}
    assert from_dynamodb.headers["x-amzn-ErrorType"] == "Code"
    assert from_s3 == Response(
        status=503,
        headers={"Content-Type": "text/xml"},
        body=b"<Error><Code>Code</Code><Message>a &lt; b</Message></Error>",
    )

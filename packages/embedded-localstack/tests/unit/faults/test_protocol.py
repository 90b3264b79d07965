import json

import pytest

from embedded_localstack.faults.call import Answer
from embedded_localstack.faults.protocol import error, recognise


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
            id="the same path with the header that makes it a copy",
        ),
        pytest.param(
            "PUT",
            "/bucket/a?partNumber=1&uploadId=2",
            _signed("s3"),
            b"x",
            ("s3", "UploadPart"),
            id="the same path with the query that makes it a part",
        ),
        pytest.param("GET", "/_localstack/health", {}, b"", ("", ""), id="no call of AWS"),
    ],
)
def test_a_request_tells_its_service_and_operation(
    method: str, target: str, headers: dict[str, str], body: bytes, expected: tuple[str, str]
) -> None:
    assert recognise(method, target, headers, body) == expected


def test_an_error_is_json_or_xml_as_the_service_has_it() -> None:
    of_json = error("dynamodb", "Code", "a < b", 400)
    of_xml = error("s3", "Code", "a < b", 503)

    assert json.loads(of_json.body) == {"__type": "Code", "message": "a < b"}
    assert of_json.headers["x-amzn-ErrorType"] == "Code"
    assert of_xml == Answer(
        status=503,
        headers={"Content-Type": "text/xml"},
        body=b"<Error><Code>Code</Code><Message>a &lt; b</Message></Error>",
    )

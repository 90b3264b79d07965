import pytest

from embedded_localstack import Fault, Faults, Kind, NoSuchCallError


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        pytest.param("dynamo", "PutItem", id="unknown service"),
        pytest.param("dynamodb", "putitem", id="unknown operation"),
        pytest.param("dynamodb", "Puts*", id="a pattern that matches nothing"),
    ],
)
def test_fault_for_an_unknown_call_is_an_error(service: str, operation: str) -> None:
    faults = Faults("http://127.0.0.1:1")

    with pytest.raises(NoSuchCallError) as caught:
        faults.switch_on(Fault(kind=Kind.ERROR, service=service, operation=operation))

    assert str(caught.value) == (
        f"AWS has no API call {service}:{operation}, so this fault would never occur. "
        "Write the service as boto3 does (dynamodb) and the operation as AWS does (PutItem)."
    )

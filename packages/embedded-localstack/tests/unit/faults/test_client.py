import pytest

from embedded_localstack import Fault, Faults, Kind, NoSuchCallError


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        pytest.param("dynamo", "PutItem", id="no such service"),
        pytest.param("dynamodb", "putitem", id="no such operation"),
        pytest.param("dynamodb", "Puts*", id="a pattern that matches nothing"),
    ],
)
def test_a_fault_that_could_never_happen_is_refused(service: str, operation: str) -> None:
    faults = Faults("http://127.0.0.1:1")

    with pytest.raises(NoSuchCallError) as caught:
        faults.switch_on(Fault(kind=Kind.ERROR, service=service, operation=operation))

    assert str(caught.value) == (
        f"No call of AWS is {service}:{operation}, so this fault would never happen. "
        "Name the service as boto3 does (dynamodb) and the operation as AWS does (PutItem)."
    )

"""Creates the boto3 clients of a target."""

from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

type TargetName = Literal["localstack", "aws"]

_LOCK = Lock()


class ClientFactory(Protocol):
    """Returns the boto3 client of a service, by default in the first Region of the target."""

    @overload
    def __call__(self, service: Literal["cloudwatch"], region: str | None = None) -> "CloudWatchClient": ...
    @overload
    def __call__(self, service: Literal["dynamodb"], region: str | None = None) -> "DynamoDBClient": ...
    @overload
    def __call__(self, service: Literal["ec2"], region: str | None = None) -> "EC2Client": ...
    @overload
    def __call__(self, service: Literal["events"], region: str | None = None) -> "EventBridgeClient": ...
    @overload
    def __call__(self, service: Literal["iam"], region: str | None = None) -> "IAMClient": ...
    @overload
    def __call__(self, service: Literal["kinesis"], region: str | None = None) -> "KinesisClient": ...
    @overload
    def __call__(self, service: Literal["kms"], region: str | None = None) -> "KMSClient": ...
    @overload
    def __call__(self, service: Literal["lambda"], region: str | None = None) -> "LambdaClient": ...
    @overload
    def __call__(self, service: Literal["logs"], region: str | None = None) -> "CloudWatchLogsClient": ...
    @overload
    def __call__(self, service: Literal["s3"], region: str | None = None) -> "S3Client": ...
    @overload
    def __call__(self, service: Literal["sns"], region: str | None = None) -> "SNSClient": ...
    @overload
    def __call__(self, service: Literal["sqs"], region: str | None = None) -> "SQSClient": ...
    @overload
    def __call__(self, service: Literal["sts"], region: str | None = None) -> "STSClient": ...
    @overload
    def __call__(self, service: str, region: str | None = None) -> Any: ...  # noqa: ANN401 - any other service


def client_of(created: dict[tuple[str, str], Any], target: TargetName, service: str, region: str) -> Any:  # noqa: ANN401 - ClientFactory has the types
    """Return the client of a service and a Region; it is created once and serves all threads."""
    # A session is not safe for threads, and creating a client takes longer than most calls.
    with _LOCK:
        if (service, region) not in created:
            created[service, region] = _session(target, region).client(service)  # type: ignore[call-overload]  # any service
        return created[service, region]


def _session(target: TargetName, region: str) -> "boto3.Session":
    # Importing boto3 takes a fifth of a second, which sessions without a deployment do not need.
    if target == "aws":
        import boto3  # noqa: PLC0415

        return boto3.Session(region_name=region)
    import localstack_client.session  # noqa: PLC0415

    session: boto3.Session = localstack_client.session.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the credentials that LocalStack expects
        aws_session_token=None,
        region_name=region,
    )
    return session

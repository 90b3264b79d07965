"""The Kinesis stream on which transactions arrive."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.kinesis_stream import KinesisStream, KinesisStreamStreamModeDetails
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionStreamConfig:
    """What the caller decides; no shard count means on-demand."""

    name: str
    key_arn: str
    shard_count: int | None
    retention_hours: int
    ephemeral: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionStreamOutputs:
    """References that wait until the stream is active."""

    name: str
    arn: str


class TransactionStream(Construct):
    """An encrypted stream, provisioned or on-demand."""

    def __init__(self, scope: Construct, id_: str, config: TransactionStreamConfig) -> None:
        super().__init__(scope, id_)
        stream = KinesisStream(
            self,
            "stream",
            name=config.name,
            shard_count=config.shard_count,
            stream_mode_details=KinesisStreamStreamModeDetails(
                stream_mode="ON_DEMAND" if config.shard_count is None else "PROVISIONED"
            ),
            retention_period=config.retention_hours,
            encryption_type="KMS",
            kms_key_id=config.key_arn,
            # A stream with a registered consumer, which is none of ours, can otherwise not be deleted.
            enforce_consumer_deletion=config.ephemeral,
        )
        self.outputs = TransactionStreamOutputs(name=stream.name, arn=stream.arn)

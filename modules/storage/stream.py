"""The Kinesis stream that receives transactions."""

from cdktf_cdktf_provider_aws.kinesis_stream import KinesisStream, KinesisStreamStreamModeDetails
from constructs import Construct

from modules.storage.protection import kept_unless


class TransactionStream(Construct):
    """An encrypted stream. Without a shard count it is on-demand."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        key_arn: str,
        shard_count: int | None,
        retention_hours: int,
        ephemeral: bool,
    ) -> None:
        super().__init__(scope, id_)
        mode = "ON_DEMAND" if shard_count is None else "PROVISIONED"
        stream = KinesisStream(
            self,
            "stream",
            name=name,
            shard_count=shard_count,
            stream_mode_details=KinesisStreamStreamModeDetails(stream_mode=mode),
            retention_period=retention_hours,
            encryption_type="KMS",
            kms_key_id=key_arn,
            # Otherwise a registered consumer, which this stack never adds, would block the deletion.
            enforce_consumer_deletion=ephemeral,
            lifecycle=kept_unless(ephemeral),
        )
        self.name = stream.name
        self.arn = stream.arn

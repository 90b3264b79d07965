"""The DynamoDB table that holds every transaction once."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTableGlobalSecondaryIndex,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from constructs import Construct

CUSTOMER_INDEX = "customer-timestamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerConfig:
    """What the caller decides."""

    name: str
    key_arn: str
    deletion_protection: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerOutputs:
    """References to the table."""

    name: str
    arn: str
    table: DynamodbTable


class Ledger(Construct):
    """An encrypted on-demand table by transaction, with an index by customer and time."""

    def __init__(self, scope: Construct, id_: str, config: LedgerConfig) -> None:
        super().__init__(scope, id_)
        table = DynamodbTable(
            self,
            "table",
            name=config.name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="transactionId",
            attribute=[
                DynamodbTableAttribute(name="transactionId", type="S"),
                DynamodbTableAttribute(name="customerId", type="S"),
                DynamodbTableAttribute(name="timestamp", type="N"),
            ],
            global_secondary_index=[
                DynamodbTableGlobalSecondaryIndex(
                    name=CUSTOMER_INDEX, hash_key="customerId", range_key="timestamp", projection_type="ALL"
                )
            ],
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            server_side_encryption=DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=config.key_arn),
            deletion_protection_enabled=config.deletion_protection,
        )
        self.outputs = LedgerOutputs(name=table.name, arn=table.arn, table=table)

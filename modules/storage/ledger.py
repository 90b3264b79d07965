"""The DynamoDB table that holds each transaction once."""

from cdktf_cdktf_provider_aws import dynamodb_table as dynamodb
from constructs import Construct

from modules.storage.protection import kept_unless

CUSTOMER_INDEX = "customer-timestamp"
_INDEX_KEYS = {"customerId": "S", "timestamp": "N"}


class Ledger(Construct):
    """An encrypted on-demand table, with an optional index by customer and time."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, key_arn: str, has_customer_index: bool, ephemeral: bool
    ) -> None:
        super().__init__(scope, id_)
        self.table = dynamodb.DynamodbTable(
            self,
            "table",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="transactionId",
            # DynamoDB accepts only the attributes of keys here.
            attribute=[
                dynamodb.DynamodbTableAttribute(name=attribute, type=type_)
                for attribute, type_ in ({"transactionId": "S"} | (_INDEX_KEYS if has_customer_index else {})).items()
            ],
            global_secondary_index=[
                dynamodb.DynamodbTableGlobalSecondaryIndex(
                    name=CUSTOMER_INDEX, hash_key="customerId", range_key="timestamp", projection_type="ALL"
                )
            ]
            if has_customer_index
            else None,
            point_in_time_recovery=dynamodb.DynamodbTablePointInTimeRecovery(enabled=True),
            server_side_encryption=dynamodb.DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key_arn),
            deletion_protection_enabled=not ephemeral,
            lifecycle=kept_unless(ephemeral),
        )
        self.name = self.table.name
        self.arn = self.table.arn

"""The DynamoDB table that holds each transaction once."""

from cdktf_cdktf_provider_aws import dynamodb_table as dynamodb
from constructs import Construct

CUSTOMER_INDEX = "customer-timestamp"


class Ledger(Construct):
    """An encrypted on-demand table, with an index by customer and time."""

    def __init__(self, scope: Construct, id_: str, *, name: str, key_arn: str, deletion_protection: bool) -> None:
        super().__init__(scope, id_)
        self.table = dynamodb.DynamodbTable(
            self,
            "table",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="transactionId",
            attribute=[
                dynamodb.DynamodbTableAttribute(name=attribute, type=type_)
                for attribute, type_ in {"transactionId": "S", "customerId": "S", "timestamp": "N"}.items()
            ],
            global_secondary_index=[
                dynamodb.DynamodbTableGlobalSecondaryIndex(
                    name=CUSTOMER_INDEX, hash_key="customerId", range_key="timestamp", projection_type="ALL"
                )
            ],
            point_in_time_recovery=dynamodb.DynamodbTablePointInTimeRecovery(enabled=True),
            server_side_encryption=dynamodb.DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key_arn),
            deletion_protection_enabled=deletion_protection,
        )
        self.name = self.table.name
        self.arn = self.table.arn

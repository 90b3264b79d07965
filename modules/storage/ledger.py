"""The DynamoDB table that holds each transaction once."""

from cdktf_cdktf_provider_aws import dynamodb_table as dynamodb
from constructs import Construct

from modules.storage.auto_scaling import AutoScaling
from modules.storage.capacity import Capacity
from modules.storage.protection import kept_unless

CUSTOMER_INDEX = "customer-timestamp"
_INDEX_KEYS = {"customerId": "S", "timestamp": "N"}

_IndexThroughput = dynamodb.DynamodbTableGlobalSecondaryIndexOnDemandThroughput


class Ledger(Construct):
    """An encrypted table, with an optional index by customer and time.

    The index has the capacity of the table: it takes the same writes, and a throttled index throttles the table.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        key_arn: str,
        has_customer_index: bool,
        capacity: Capacity,
        scaling_policy_name: str,
        ephemeral: bool,
    ) -> None:
        super().__init__(scope, id_)
        ceiling = capacity.on_demand_ceiling
        index = dynamodb.DynamodbTableGlobalSecondaryIndex(
            name=CUSTOMER_INDEX,
            hash_key="customerId",
            range_key="timestamp",
            projection_type="ALL",
            write_capacity=capacity.write_units,
            read_capacity=capacity.read_units,
            on_demand_throughput=None if ceiling is None else _IndexThroughput(max_write_request_units=ceiling),
        )
        self.table = dynamodb.DynamodbTable(
            self,
            "table",
            name=name,
            billing_mode=capacity.billing_mode,
            write_capacity=capacity.write_units,
            read_capacity=capacity.read_units,
            on_demand_throughput=None
            if ceiling is None
            else dynamodb.DynamodbTableOnDemandThroughput(max_write_request_units=ceiling),
            hash_key="transactionId",
            # DynamoDB accepts only the attributes of keys here.
            attribute=[
                dynamodb.DynamodbTableAttribute(name=attribute, type=type_)
                for attribute, type_ in ({"transactionId": "S"} | (_INDEX_KEYS if has_customer_index else {})).items()
            ],
            global_secondary_index=[index] if has_customer_index else None,
            point_in_time_recovery=dynamodb.DynamodbTablePointInTimeRecovery(enabled=True),
            server_side_encryption=dynamodb.DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key_arn),
            deletion_protection_enabled=not ephemeral,
            lifecycle=kept_unless(ephemeral, ignored_changes=capacity.ignored_changes(has_index=has_customer_index)),
        )
        if capacity.scaling is not None:
            AutoScaling(
                self,
                "auto-scaling",
                table_name=self.table.name,
                index_name=CUSTOMER_INDEX if has_customer_index else None,
                limits=capacity.scaling,
                policy_name=scaling_policy_name,
            )
        self.name = self.table.name
        self.arn = self.table.arn

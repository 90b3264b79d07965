"""Tables as DynamoDB restores them: LocalStack has neither point-in-time recovery nor backups."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

type Item = Mapping[str, Any]


def restored(
    dynamodb: "DynamoDBClient", name: str, described: "TableDescriptionTypeDef", items: Iterable[Item]
) -> None:
    """Create a table with the keys, indexes and encryption of the described one, but without protection and tags."""
    indexes = [
        {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
        for index in described.get("GlobalSecondaryIndexes", [])
    ]
    arguments: Any = {"GlobalSecondaryIndexes": indexes} if indexes else {}
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=described["KeySchema"],
        AttributeDefinitions=described["AttributeDefinitions"],
        SSESpecification={
            "Enabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": described["SSEDescription"]["KMSMasterKeyArn"],
        },
        **arguments,
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    for item in items:
        dynamodb.put_item(TableName=name, Item=item)


def items_of(dynamodb: "DynamoDBClient", table: str) -> dict[str, dict[str, Any]]:
    """Return all items of a small table by their id."""
    return {item["transactionId"]["S"]: dict(item) for item in dynamodb.scan(TableName=table)["Items"]}


def protection_of(dynamodb: "DynamoDBClient", table: str) -> tuple[bool, str]:
    """Return whether a table is protected from deletion, and the state of its point-in-time recovery."""
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    return (
        dynamodb.describe_table(TableName=table)["Table"]["DeletionProtectionEnabled"],
        backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
    )

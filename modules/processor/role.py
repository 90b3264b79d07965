"""The function's role: exact actions on exact ARNs.

All ARNs but the key's are built from names, so that the role waits for no other resource.
"""

from collections.abc import Iterator

from constructs import Construct

from modules.account import Account
from modules.iam import Statement, add_role, allow_key, allow_key_for_logs
from modules.naming import LAMBDA_PREFIX, REJECTED_PREFIX

# Lambda manages the function's network interfaces with these. Half of these actions do not support resource-level
# permissions, so they are allowed on "*". docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
_INTERFACE_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


class FunctionRole(Construct):
    """A role for one function."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        policy_name: str,
        account: Account,
        boundary_arn: str | None,
        function_arn: str,
        log_group_arn: str,
        stream_arn: str,
        ledger_arn: str,
        bucket_arn: str,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        role, self.policy = add_role(
            self,
            name=name,
            policy_name=policy_name,
            description="Permissions of the transaction processor",
            service="lambda.amazonaws.com",
            # AWS found that with a condition on aws:SourceArn, Lambda cannot create the first function of a VPC:
            # github.com/aws/aws-parallelcluster/pull/6926. A condition on the account adds nothing, because a role
            # cannot be passed to another account:
            # docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
            source=None,
            boundary_arn=boundary_arn,
            statements=[
                *_read_stream(stream_arn, key_arn),
                *_write_ledger(ledger_arn, key_arn, account.region),
                *_write_quarantine(bucket_arn, key_arn, account),
                Statement(
                    sid="WriteLogs",
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[f"{log_group_arn}:*"],
                ),
                allow_key_for_logs(key_arn=key_arn, region=account.region),
                _decrypt_environment(function_arn, key_arn),
                *_connect_to_vpc(function_arn),
            ],
        )
        self.arn = role.arn


def _read_stream(stream_arn: str, key_arn: str) -> Iterator[Statement]:
    yield Statement(
        sid="PollTheStream",
        actions=[
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ],
        resources=[stream_arn],
    )
    yield Statement(
        sid="DecryptTheStream",
        actions=["kms:Decrypt"],
        resources=[key_arn],
        conditions={"StringEquals": {"kms:EncryptionContext:aws:kinesis:arn": stream_arn}},
    )


def _write_ledger(ledger_arn: str, key_arn: str, region: str) -> Iterator[Statement]:
    # PartiQLInsert stores a transaction. BatchGetItem distinguishes a duplicate from a conflict.
    actions = ["dynamodb:BatchGetItem", "dynamodb:PartiQLInsert"]
    yield Statement(sid="WriteTheLedger", actions=actions, resources=[ledger_arn])
    key_actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
    yield allow_key("UseTheKeyForTheLedger", key_actions, key_arn=key_arn, service="dynamodb", region=region)


def _write_quarantine(bucket_arn: str, key_arn: str, account: Account) -> Iterator[Statement]:
    own_bucket = {"StringEquals": {"s3:ResourceAccount": account.id}}
    yield Statement(
        sid="PutIntoQuarantine",
        actions=["s3:PutObject"],
        resources=[f"{bucket_arn}/{prefix}*" for prefix in (REJECTED_PREFIX, LAMBDA_PREFIX)],
        conditions=own_bucket,
    )
    # The event source mapping checks that the bucket exists before it delivers.
    yield Statement(sid="FindTheQuarantine", actions=["s3:ListBucket"], resources=[bucket_arn], conditions=own_bucket)
    key_actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    yield allow_key("UseTheKeyForQuarantine", key_actions, key_arn=key_arn, service="s3", region=account.region)


def _decrypt_environment(function_arn: str, key_arn: str) -> Statement:
    """Return the statement for Lambda, which decrypts the environment variables with the role.

    docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html. Lambda also creates a grant for the role,
    if the deployer has kms:CreateGrant. With this statement the function does not depend on the grant.
    """
    return Statement(
        sid="DecryptTheEnvironment",
        actions=["kms:Decrypt"],
        resources=[key_arn],
        conditions={
            "ArnLike": {"kms:EncryptionContext:aws:lambda:FunctionArn": _with_and_without_version(function_arn)}
        },
    )


def _connect_to_vpc(function_arn: str) -> Iterator[Statement]:
    yield Statement(sid="LambdaConnectsToTheVpc", actions=_INTERFACE_ACTIONS)
    # AWS recommends this condition: Lambda itself keeps the actions, and the function's own code is denied them.
    yield Statement(
        sid="CodeMayNotTouchInterfaces",
        effect="Deny",
        actions=_INTERFACE_ACTIONS,
        conditions={"ArnLike": {"lambda:SourceFunctionArn": _with_and_without_version(function_arn)}},
    )


def _with_and_without_version(function_arn: str) -> list[str]:
    """Return patterns for the function's ARN, which may end in a version or an alias.

    The function runs as a published version. AWS's pages show only the ARN without a version in these conditions, and
    do not say which of the two Lambda sends.
    """
    return [function_arn, f"{function_arn}:*"]

"""The function's role: exact actions on exact ARNs, all built from names, so that it depends on nothing."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules import iam as policy
from modules.account import Place
from modules.iam import Statement

# What Lambda itself does with the function's network interfaces; on "*" because half of them know no resource.
# docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
_INTERFACE_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRoleConfig:
    """The names of what the function may use, the ARN of its key, and what the role may never exceed."""

    name: str
    place: Place
    function_name: str
    log_group: str
    stream_name: str
    ledger_name: str
    bucket_name: str
    key_arn: str
    boundary_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRoleOutputs:
    """The role's ARN, and the policy that must be there before the role is of use."""

    arn: str
    policy: IamRolePolicy


class FunctionRole(Construct):
    """A role for one function; the policy is a resource of its own, so no key or table waits for the role."""

    def __init__(self, scope: Construct, id_: str, config: FunctionRoleConfig) -> None:
        super().__init__(scope, id_)
        role = IamRole(
            self,
            "role",
            name=config.name,
            description=f"What {config.function_name} may do",
            assume_role_policy=policy.trust("lambda.amazonaws.com", account=config.place.account),
            permissions_boundary=config.boundary_arn,
        )
        permissions = IamRolePolicy(
            self, "policy", name="permissions", role=role.name, policy=policy.document(*_statements(config))
        )
        self.outputs = FunctionRoleOutputs(arn=role.arn, policy=permissions)


def _statements(config: FunctionRoleConfig) -> list[Statement]:
    place = config.place
    stream_arn = place.arn("kinesis", f"stream/{config.stream_name}")
    bucket_arn = place.bucket_arn(config.bucket_name)
    own_bucket = {"StringEquals": {"s3:ResourceAccount": place.account}}

    def through(service: str) -> dict[str, dict[str, str]]:
        return {"StringEquals": {"kms:ViaService": f"{service}.{place.region}.amazonaws.com"}}

    return [
        Statement(
            sid="PollTheStream",
            actions=[
                "kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary",
                "kinesis:GetRecords",
                "kinesis:GetShardIterator",
                "kinesis:ListShards",
            ],
            resources=[stream_arn],
        ),
        Statement(
            sid="DecryptTheStream",
            actions=["kms:Decrypt"],
            resources=[config.key_arn],
            conditions={"StringEquals": {"kms:EncryptionContext:aws:kinesis:arn": stream_arn}},
        ),
        Statement(
            sid="WriteTheLedger",
            # PartiQLInsert stores; BatchGetItem tells a repeat from a conflict.
            actions=["dynamodb:BatchGetItem", "dynamodb:PartiQLInsert"],
            resources=[place.arn("dynamodb", f"table/{config.ledger_name}")],
        ),
        Statement(
            sid="UseTheKeyForTheLedger",
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            resources=[config.key_arn],
            conditions=through("dynamodb"),
        ),
        Statement(
            sid="PutIntoQuarantine",
            actions=["s3:PutObject"],
            resources=[f"{bucket_arn}/rejected/*", f"{bucket_arn}/aws/lambda/*"],
            conditions=own_bucket,
        ),
        # The event source mapping looks whether the bucket is there before it delivers.
        Statement(sid="FindTheQuarantine", actions=["s3:ListBucket"], resources=[bucket_arn], conditions=own_bucket),
        Statement(
            sid="UseTheKeyForQuarantine",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[config.key_arn],
            conditions=through("s3"),
        ),
        Statement(
            sid="WriteLogs",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[place.arn("logs", f"log-group:{config.log_group}:*")],
        ),
        policy.key_for_logs(config.key_arn, region=place.region),
        Statement(sid="LambdaConnectsToTheVpc", actions=_INTERFACE_ACTIONS),
        # The documented other half: Lambda keeps these actions, the function's own code loses them.
        Statement(
            sid="CodeMayNotTouchInterfaces",
            effect="Deny",
            actions=_INTERFACE_ACTIONS,
            conditions={
                "ArnEquals": {"lambda:SourceFunctionArn": place.arn("lambda", f"function:{config.function_name}")}
            },
        ),
    ]

"""What each endpoint lets through: requests of this account, to the pipeline's own resources, and nothing else."""

from modules import iam as policy
from modules.account import Place
from modules.iam import Statement
from modules.naming import Names


def endpoint_policies(names: Names, place: Place, *, key_arn: str) -> dict[str, str]:
    """Return a policy for each service that may have an endpoint."""
    table = place.arn("dynamodb", f"table/{names.ledger}")
    bucket = place.bucket_arn(names.quarantine_bucket)
    ours = {
        "dynamodb": ("dynamodb:*", [table, f"{table}/index/*"]),
        "s3": ("s3:*", [bucket, f"{bucket}/*"]),
        "kinesis-streams": ("kinesis:*", [place.arn("kinesis", f"stream/{names.stream}")]),
        "kms": ("kms:*", [key_arn]),
        "lambda": ("lambda:*", [place.arn("lambda", f"function:{names.function}")]),
        "logs": ("logs:*", [place.arn("logs", f"log-group:{names.function_log_group}:*")]),
    }
    return {
        service: policy.document(
            Statement(
                sid="OnlyOurResources",
                principal="*",
                actions=[actions],
                resources=resources,
                conditions={"StringEquals": {"aws:PrincipalAccount": place.account}},
            )
        )
        for service, (actions, resources) in ours.items()
    }

"""The environment variables of the LocalStack process and of its clients, with the reason for each setting."""

import os
from collections.abc import Mapping
from pathlib import Path

from embedded_localstack.programs import Programs

# The hooks inside LocalStack read these.
JAVA = "EMBEDDED_JAVA"
NODE = "EMBEDDED_NODE"
NODE_MODULES = "EMBEDDED_NODE_MODULES"
DYNAMODB_LOCAL = "EMBEDDED_DYNAMODB_LOCAL"
RUN_DIRECTORY = "EMBEDDED_RUN_DIRECTORY"

# Set in 'overrides', this runs functions of every Python 3 version in LocalStack's own Python instead of refusing them.
ANY_PYTHON = "EMBEDDED_ANY_PYTHON"

REGION = "us-east-1"
# LocalStack accepts any credentials; this pair is account 000000000000.
ACCESS_KEY = "test"

_FAITHFUL = {
    # The Lambda executor of this package replaces the one that needs Docker.
    "LAMBDA_RUNTIME_EXECUTOR": "process",
    # A zip of pure Python for arm64 runs on any machine; a container would need an image for arm64.
    "LAMBDA_IGNORE_ARCHITECTURE": "1",
    # Tables live as long as LocalStack; files would only be slower.
    "DYNAMODB_IN_MEMORY": "1",
}

FAST = {
    # The default polls one shard a second; an empty poll costs 2 ms here.
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.05",
    # The default polls an idle queue only every 10 s.
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "0.5",
    # The default waits up to 60 s for a stream that is still being created.
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "2",
    # The default reports the depth of a queue to CloudWatch once a minute.
    "SQS_CLOUDWATCH_METRICS_REPORT_INTERVAL": "5",
    # The default delays every stream operation by half a second to look like AWS.
    "KINESIS_LATENCY": "0",
}

_QUIET = {
    # A DNS server is not needed, and port 53 belongs to the machine.
    "DNS_ADDRESS": "0",
    # LocalStack downloads nothing and sends no usage data while it runs.
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "DISABLE_EVENTS": "1",
    # The state ends with the process; saving it would only take time.
    "KINESIS_PERSISTENCE": "0",
}


def server_environment(
    *, port: int, run_directory: Path, programs: Programs, overrides: Mapping[str, str]
) -> dict[str, str]:
    """Return the complete environment of the LocalStack process, without the caller's own variables."""
    temporary = run_directory / "tmp"
    return {
        "PATH": os.pathsep.join([str(programs.java.parent), str(programs.node.parent), os.defpath]),
        # LocalStack reads neither the developer's ~/.localstack nor ~/.aws.
        "HOME": str(run_directory / "home"),
        "XDG_CACHE_HOME": str(run_directory / "home" / "cache"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(temporary),
        "FILESYSTEM_ROOT": str(run_directory / "filesystem"),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        JAVA: str(programs.java),
        NODE: str(programs.node),
        NODE_MODULES: str(programs.node_modules),
        DYNAMODB_LOCAL: str(programs.dynamodb_local),
        RUN_DIRECTORY: str(run_directory),
        **_FAITHFUL,
        **FAST,
        **_QUIET,
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
        **overrides,
    }


def client_environment(endpoint_url: str) -> dict[str, str]:
    """Return the variables that direct boto3, Terraform and the AWS command line to a LocalStack and nowhere else."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        # A proxy of the shell cannot reach 127.0.0.1 of this machine.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }

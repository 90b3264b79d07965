"""The environment that the LocalStack process gets, each setting with its reason."""

import os
from collections.abc import Mapping
from pathlib import Path

from embedded_localstack.programs import Programs

# How the hooks inside LocalStack learn what was decided outside.
JAVA = "EMBEDDED_JAVA"
NODE = "EMBEDDED_NODE"
NODE_MODULES = "EMBEDDED_NODE_MODULES"
DYNAMODB_LOCAL = "EMBEDDED_DYNAMODB_LOCAL"
RUN_DIRECTORY = "EMBEDDED_RUN_DIRECTORY"

# For 'overrides': run functions for every Python 3 in the one that is there, instead of refusing them.
ANY_PYTHON = "EMBEDDED_ANY_PYTHON"

_REGION = "us-east-1"

_FAITHFUL = {
    # Our Lambda executor, in place of the one that needs Docker.
    "LAMBDA_RUNTIME_EXECUTOR": "process",
    # A zip of pure Python for arm64 runs on any machine; a container would need the right image.
    "LAMBDA_IGNORE_ARCHITECTURE": "1",
    # Tables live as long as the run; a file would only be slower.
    "DYNAMODB_IN_MEMORY": "1",
}

FAST = {
    # The default polls one shard a second; an empty poll costs 2 ms here.
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.05",
    # The default lets an idle queue wait up to 10 s before it is looked at again.
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "0.5",
    # The default lets a stream that is still being created wait up to 60 s.
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "2",
    # The default tells CloudWatch of a queue's depth once a minute.
    "SQS_CLOUDWATCH_METRICS_REPORT_INTERVAL": "5",
    # The default holds every stream operation for half a second to look like AWS.
    "KINESIS_LATENCY": "0",
}

_QUIET = {
    # No DNS server: nothing here needs one, and port 53 belongs to the machine.
    "DNS_ADDRESS": "0",
    # Nothing is downloaded and nothing is reported while it runs.
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "DISABLE_EVENTS": "1",
    # The state ends with the process; writing it down would only take time.
    "KINESIS_PERSISTENCE": "0",
}


def server_environment(
    *, port: int, run_directory: Path, programs: Programs, overrides: Mapping[str, str]
) -> dict[str, str]:
    """Return the whole environment of the LocalStack process: nothing of the caller's own leaks in."""
    temporary = run_directory / "tmp"
    return {
        "PATH": os.pathsep.join([str(programs.java.parent), str(programs.node.parent), os.defpath]),
        # Neither the developer's ~/.localstack nor ~/.aws is read.
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
    """Return the variables that make boto3, Terraform and the AWS tools talk to this LocalStack and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": _REGION,
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        # A proxy would be asked for 127.0.0.1 too.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }

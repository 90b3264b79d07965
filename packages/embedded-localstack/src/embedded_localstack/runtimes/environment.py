"""The environment variables of a function process: what AWS gives, and the function's own.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

import sys
from collections.abc import Mapping
from pathlib import Path

# What LocalStack adds for the program that it runs inside its containers, which is not there here.
_OF_LOCALSTACK = ("LOCALSTACK_", "EDGE_PORT", "AWS_LAMBDA_FUNCTION_TIMEOUT")

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"


def function_environment(
    given: Mapping[str, object],
    own: Mapping[str, str],
    *,
    task_root: Path,
    runtime_folder: Path,
    scratch: Path,
) -> dict[str, str]:
    """Return the whole environment.

    Args:
        given: What LocalStack proposes, the function's own variables included.
        own: The function's own variables, which win over everything.
        task_root: The unpacked zip.
        runtime_folder: boto3 and the runtime client.
        scratch: The function's folder for temporary files, which is ``/tmp`` on AWS.
    """
    return {
        **{name: str(value) for name, value in given.items() if not name.startswith(_OF_LOCALSTACK)},
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}",
        "LAMBDA_TASK_ROOT": str(task_root),
        "LAMBDA_RUNTIME_DIR": str(runtime_folder),
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(runtime_folder),
        # Not on AWS, where the whole machine belongs to the function: these keep it away from the developer's files.
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        **own,
    }

"""The environment variables of a function process: those of AWS and the function's own.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

import sys
from collections.abc import Mapping
from pathlib import Path

# LocalStack adds these for a program in its containers, which does not run here.
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
    """Return the complete environment of a function process.

    Args:
        given: The variables that LocalStack sets, including the function's own.
        own: The function's own variables, which take precedence.
        task_root: The folder of the unpacked zip.
        runtime_folder: The folder with boto3 and the runtime client.
        scratch: The function's folder for temporary files; on AWS it is ``/tmp``.
    """
    return {
        **{name: str(value) for name, value in given.items() if not name.startswith(_OF_LOCALSTACK)},
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}",
        "LAMBDA_TASK_ROOT": str(task_root),
        "LAMBDA_RUNTIME_DIR": str(runtime_folder),
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(runtime_folder),
        # AWS does not set these. They keep temporary files of the function apart from the developer's files.
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        **own,
    }

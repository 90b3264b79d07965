"""Finds a terraform of a supported version."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping

from terraform_harness.terraform.errors import TerraformMissingError

_NEEDED_VERSION = "1.11"


def find_terraform(environment: Mapping[str, str] = os.environ) -> str:
    """Return the path of the terraform on the PATH.

    Raises:
        TerraformMissingError: It is missing or too old.
    """
    binary = shutil.which("terraform", path=environment.get("PATH"))
    if binary is None:
        raise TerraformMissingError(needed=_NEEDED_VERSION, found=None)
    output = subprocess.run(
        [binary, "version", "-json"],
        env={**environment, "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: str = json.loads(output)["terraform_version"]
    if _numbers(found) < _numbers(_NEEDED_VERSION):
        raise TerraformMissingError(needed=_NEEDED_VERSION, found=found)
    return binary


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.partition("-")[0].split(".")))

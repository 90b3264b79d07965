"""The dependency lock file of a run's copy of the configuration."""

import re
from pathlib import Path

_LOCK_FILE = ".terraform.lock.hcl"
_CHECKSUMS = re.compile(r"^[ \t]*hashes[ \t]*=[ \t]*\[[^\]]*\][ \t]*\n", re.MULTILINE)


def drop_checksums(folder: Path) -> None:
    """Remove the provider checksums, after `terraform init` has verified them.

    With checksums, each Terraform command reads every plugin: 700 MB for the AWS provider, up to a second.
    """
    lock_file = folder / _LOCK_FILE
    if lock_file.exists():
        lock_file.write_text(_CHECKSUMS.sub("", lock_file.read_text()))

"""The lock file of a run has no checksums after `terraform init`."""

from pathlib import Path

from terraform_harness.terraform.lock_file import drop_checksums

LOCKED = """\
# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "5.100.0"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
    "zh:054b8dd49f0549c9a7cc27d159e45327b7b65cf404da5e5a20da154b90b8a644",
  ]
}

provider "registry.terraform.io/hashicorp/null" {
  version = "3.2.4"
  hashes = ["h1:127ts0CG8hFk1bHIfrBsKxcnt9bAYQCq3udWM+AACH8="]
}
"""


def test_versions_stay_and_checksums_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".terraform.lock.hcl").write_text(LOCKED)

    drop_checksums(tmp_path)

    assert (
        (tmp_path / ".terraform.lock.hcl").read_text()
        == """\
# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "5.100.0"
}

provider "registry.terraform.io/hashicorp/null" {
  version = "3.2.4"
}
"""
    )


def test_configuration_without_providers_has_no_lock_file(tmp_path: Path) -> None:
    drop_checksums(tmp_path)

    assert list(tmp_path.iterdir()) == []

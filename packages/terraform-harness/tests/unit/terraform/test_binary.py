"""The terraform on the PATH must have a supported version."""

from pathlib import Path

import pytest

from terraform_harness.terraform.binary import find_terraform
from terraform_harness.terraform.errors import TerraformMissingError


def test_missing_terraform_is_reported_with_version_and_page(tmp_path: Path) -> None:
    with pytest.raises(TerraformMissingError) as failure:
        find_terraform({"PATH": str(tmp_path)})

    assert str(failure.value) == (
        "Terraform is not on the PATH: install version 1.11 or newer from "
        "https://developer.hashicorp.com/terraform/install."
    )


def test_old_terraform_is_reported_with_its_version(tmp_path: Path) -> None:
    old = tmp_path / "terraform"
    old.write_text('#!/bin/sh\necho \'{"terraform_version": "1.5.7"}\'\n')
    old.chmod(0o755)

    with pytest.raises(TerraformMissingError) as failure:
        find_terraform({"PATH": str(tmp_path)})

    assert str(failure.value) == (
        "Terraform on the PATH is version 1.5.7: install version 1.11 or newer from "
        "https://developer.hashicorp.com/terraform/install."
    )

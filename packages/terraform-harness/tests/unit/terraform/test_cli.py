"""The terraform on the PATH must be one that can do what is asked of it."""

from pathlib import Path

import pytest

from terraform_harness.errors import TerraformMissingError
from terraform_harness.terraform.cli import find_terraform


def test_a_missing_terraform_is_reported_with_version_and_page(tmp_path: Path) -> None:
    with pytest.raises(TerraformMissingError) as failure:
        find_terraform({"PATH": str(tmp_path)})

    assert str(failure.value) == (
        "Terraform is not on the PATH: install version 1.11 or newer from "
        "https://developer.hashicorp.com/terraform/install."
    )


def test_a_terraform_that_is_too_old_is_reported_with_its_version(tmp_path: Path) -> None:
    old = tmp_path / "terraform"
    old.write_text('#!/bin/sh\necho \'{"terraform_version": "1.5.7"}\'\n')
    old.chmod(0o755)

    with pytest.raises(TerraformMissingError) as failure:
        find_terraform({"PATH": str(tmp_path)})

    assert str(failure.value) == (
        "Terraform on the PATH is version 1.5.7: install version 1.11 or newer from "
        "https://developer.hashicorp.com/terraform/install."
    )

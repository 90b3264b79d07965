"""Validation of every documented combination of settings, by Terraform and its provider."""

import os
import shutil
from pathlib import Path

import pytest

from modules.combinations import COMBINATIONS
from terraform_harness.synthesis import synthesize
from terraform_harness.terraform.cli import Terraform

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_terraform_accepts(combination: str, tmp_path: Path) -> None:
    folder = shutil.copytree(synthesize(PROJECT, COMBINATIONS[combination]).stack_folder(), tmp_path / "stack")
    terraform = Terraform(folder, os.environ, cache=PROJECT / ".runs" / "plugins")

    terraform.init()

    terraform.validate()

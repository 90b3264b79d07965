"""A project folder for tests of the configuration, and the state of a new run."""

from pathlib import Path

import pytest

from terraform_harness.terraform.own_state import OwnState


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def own(tmp_path: Path) -> OwnState:
    (tmp_path / "terraform" / "infra").mkdir(parents=True)
    return OwnState(configuration=tmp_path / "terraform" / "infra", folder=tmp_path)

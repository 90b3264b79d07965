"""An unreadable file is skipped, or named in the error if the Terraform configuration needs it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from harness_support.configuration_files import write
from terraform_harness.terraform.configuration import find_configuration
from terraform_harness.terraform.errors import ConfigurationError

UNPRIVILEGED = 65534
REMEDY = "The fixture 'terraform_configuration' must return a folder with Terraform files."


@contextmanager
def as_unprivileged_user() -> Iterator[Path]:
    """Yield a folder of a user who cannot read each file, as root can."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        user, is_root = os.getuid(), os.getuid() == 0
        if is_root:
            os.chown(name, UNPRIVILEGED, UNPRIVILEGED)
            os.setresuid(UNPRIVILEGED, UNPRIVILEGED, 0)
        try:
            yield Path(name)
        finally:
            os.setresuid(user, user, user)


def test_unreadable_files_are_skipped() -> None:
    with as_unprivileged_user() as project:
        write(project, {"main.tf": "", "secret": "", "volume/x": ""})
        (project / "secret").chmod(0)
        (project / "volume").chmod(0)

        files = find_configuration(project, project=project).files
        (project / "volume").chmod(0o755)

    assert list(files) == [Path("main.tf")]


@pytest.mark.parametrize("name", ["stack/main.tf", "secret", "modules", "stack"])
def test_error_names_the_unreadable_file(name: str) -> None:
    with as_unprivileged_user() as project:
        write(project, {"stack/main.tf": 'x = "../secret"\ny = "../modules"', "secret": "", "modules/main.tf": ""})
        (project / name).chmod(0)

        with pytest.raises(ConfigurationError) as failure:
            find_configuration(project / "stack", project=project)
        (project / name).chmod(0o755)

    assert str(failure.value) == (
        f"The Terraform configuration in {project / 'stack'} cannot be used: {project / name}: Permission denied. "
        "Make it readable, or do not name it in the configuration."
    )


def test_error_says_that_a_folder_has_no_terraform_file(project: Path) -> None:
    write(project, {"main.py": "", "stack/main.tf": "", "main.tfvars": "", "file": ""})
    messages = []

    for folder in (project, project / "missing", project / "file"):
        with pytest.raises(ConfigurationError) as failure:
            find_configuration(folder, project=project)
        messages.append(str(failure.value))

    assert messages == [
        f"The Terraform configuration in {folder} cannot be used: it has no *.tf.json or *.tf file. {REMEDY}"
        for folder in (project, project / "missing", project / "file")
    ]

"""The package exports its public names, sorted, and imports their modules late."""

import subprocess
import sys

import pytest

import terraform_harness


def test_public_names_are_sorted_and_exist() -> None:
    names = terraform_harness.__all__

    assert sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name)) == names
    assert [name for name in names if not hasattr(terraform_harness, name)] == []


def test_each_public_name_has_one_module() -> None:
    listed = [name for names in terraform_harness._MODULES.values() for name in names]  # noqa: SLF001 - the table

    assert sorted(listed) == sorted(terraform_harness.__all__)


def test_other_name_is_not_an_attribute() -> None:
    with pytest.raises(AttributeError, match=r"^module 'terraform_harness' has no attribute 'absent'$"):
        _ = terraform_harness.absent


def test_package_imports_its_modules_late() -> None:
    program = (
        "import sys, terraform_harness; print(*[name for name in sys.modules if name.startswith('terraform_harness')])"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )

    assert result.stdout == "terraform_harness\n"

"""The import rules that import-linter cannot check: main.py, tests, and folders without a rule."""

import tomllib
from collections.abc import Iterator

import pytest

from tools.imports_diagram import imported_by, root_packages
from tools.project import PROJECT

# Each package, with the other packages that its tests may import.
PACKAGES = {
    "iam_policy_evaluator": set[str](),
    "terraform_guardrails": {"iam_policy_evaluator"},
    "embedded_localstack": {"iam_policy_evaluator"},
    "terraform_harness": {"embedded_localstack"},
}


def folders_with_code() -> Iterator[str]:
    """Yield the packages at the top of the project and those below packages/."""
    for package in (*PROJECT.glob("*/__init__.py"), *PROJECT.glob("packages/*/src/*/__init__.py")):
        yield package.parent.name


def test_every_folder_of_code_has_an_import_rule() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    protected = [name for contract in contracts for name in contract.get("protected_modules", ())]

    assert sorted(root_packages()) == sorted(folders_with_code())
    assert sorted(protected) == sorted(folders_with_code())


def test_main_imports_the_modules_and_the_guardrails_only() -> None:
    assert imported_by(PROJECT / "main.py") & set(root_packages()) == {"modules", "terraform_guardrails"}


@pytest.mark.parametrize("package", PACKAGES)
def test_tests_of_a_package_import_no_other_part_of_the_project(package: str) -> None:
    folder = PROJECT / "packages" / package.replace("_", "-")
    files = [*folder.glob("tests/**/*.py"), *folder.glob("examples/**/*.py")]
    forbidden = set(root_packages()) - {package} - PACKAGES[package]

    assert {(file.name, *found) for file in files if (found := imported_by(file) & forbidden)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_declares_its_dependencies(package: str) -> None:
    """A package that is imported but not declared is found here: the workspace installs all of them together."""
    project = tomllib.loads((PROJECT / "packages" / package.replace("_", "-") / "pyproject.toml").read_text())[
        "project"
    ]
    declared = [
        *project.get("dependencies", ()),
        *(name for extra in project.get("optional-dependencies", {}).values() for name in extra),
    ]
    files = PROJECT.glob(f"packages/{package.replace('_', '-')}/src/**/*.py")
    imported = set().union(*map(imported_by, files)) & set(root_packages()) - {package}

    assert {name for name in imported if not any(d.startswith(name.replace("_", "-")) for d in declared)} == set()

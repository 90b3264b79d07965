"""The package works without embedded-localstack; what needs it reports the remedy."""

import subprocess
import sys
from pathlib import Path

import pytest

from terraform_harness.errors import HarnessError
from terraform_harness.targets.embedded import (
    embedded_faults,
    embedded_log,
    reportable_errors,
    start_embedded,
    stop_embedded,
)
from terraform_harness.targets.errors import EmbeddedMissingError
from terraform_harness.targets.localstack import localstack_target

MESSAGE = (
    "The package embedded-localstack is not installed. Run pip install 'terraform-harness[localstack]', or set "
    "AWS_ENDPOINT_URL to the address of a LocalStack."
)
# The modules that a session without a deployment must not import: they take long, or need not be installed.
LATE = ["boto3", "embedded_localstack", "hcl2", "localstack_client", "rich", "typer"]
IMPORT_ALL = """
import pkgutil, sys
import terraform_harness
for module in pkgutil.walk_packages(terraform_harness.__path__, "terraform_harness."):
    if not module.name.endswith(("__main__", "synthesis_driver", "plugin.fixtures", "sweep_command")):
        __import__(module.name)
import terraform_harness.plugin.fixtures
print(*sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package embedded-localstack is not installed."""
    monkeypatch.setitem(sys.modules, "embedded_localstack", None)


def python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": ":".join(sys.path)})


def test_plugin_imports_no_slow_or_optional_package() -> None:
    result = python(IMPORT_ALL, *LATE)

    assert (result.stderr, result.stdout) == ("", "\n")


def test_plugin_and_command_work_without_the_package() -> None:
    block = "import sys; sys.modules['embedded_localstack'] = None\n"

    result = python(f"{block}import terraform_harness.plugin.hooks, terraform_harness.__main__{IMPORT_ALL}")

    assert (result.stderr, result.returncode) == ("", 0)


@pytest.mark.usefixtures("missing")
def test_embedded_target_needs_the_package(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedMissingError) as refused, localstack_target(tmp_path):
        pytest.fail("a target was started")

    assert str(refused.value) == MESSAGE


@pytest.mark.usefixtures("missing")
def test_only_an_embedded_localstack_needs_the_package(tmp_path: Path) -> None:
    stop_embedded(1, tmp_path / "localstack")

    assert embedded_log(tmp_path / "localstack") is None
    for use in (
        lambda: start_embedded(tmp_path),
        lambda: stop_embedded(1, tmp_path),
        lambda: embedded_faults("http://x"),
    ):
        with pytest.raises(EmbeddedMissingError):
            use()
    assert reportable_errors() == (HarnessError,)


def test_broken_package_is_not_reported_as_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "embedded_localstack.py").write_text("import absent_module\n")
    monkeypatch.delitem(sys.modules, "embedded_localstack", raising=False)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError, match="absent_module"):
        start_embedded(tmp_path)


def test_installed_package_is_used(tmp_path: Path) -> None:
    package = pytest.importorskip("embedded_localstack")

    log = embedded_log(tmp_path)

    assert log == tmp_path / "localstack.log"
    assert reportable_errors() == (HarnessError, package.LocalStackError)
    assert isinstance(start_embedded(tmp_path), package.LocalStack)
    assert isinstance(embedded_faults("http://127.0.0.1:1"), package.Faults)

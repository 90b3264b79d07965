"""An app runs once for each environment and source."""

import json
import re
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from terraform_harness.errors import SynthesisError
from terraform_harness.synthesis import synthesize, synthesize_each

# A shell script, because it runs dozens of times.
APP = """
if [ "$COLOUR" = none ]; then echo "COLOUR is 'none', but must be a colour." >&2; exit 1; fi
echo run >> runs.log
mkdir -p "$CDKTF_OUTDIR/stacks/shop"
echo '{"stacks": {"shop": {"workingDirectory": "stacks/shop"}}}' > "$CDKTF_OUTDIR/manifest.json"
seen=$(env | cut -d= -f1 | tr '\\n' ' ')
echo '{"output": {"seen": {"value": "'$seen'"}}}' > "$CDKTF_OUTDIR/stacks/shop/cdk.tf.json"
"""

PYTHON_APP = """
import json, os, pathlib
stack = pathlib.Path(os.environ["CDKTF_OUTDIR"]) / "stacks" / "shop"
stack.mkdir(parents=True)
(stack.parents[1] / "manifest.json").write_text('{"stacks": {"shop": {"workingDirectory": "stacks/shop"}}}')
(stack / "cdk.tf.json").write_text(json.dumps({"colour": os.environ["COLOUR"], "process": os.getpid()}))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "cdktf.json").write_text(json.dumps({"app": "sh app.sh"}))
    (tmp_path / "app.sh").write_text(APP)
    return tmp_path


def runs(project: Path) -> int:
    return len((project / "runs.log").read_text().splitlines())


def test_same_environment_and_source_are_synthesized_once(project: Path) -> None:
    first = synthesize(project, {"COLOUR": "red"})
    second = synthesize(project, {"COLOUR": "red"})

    assert first == second
    assert runs(project) == 1


def test_concurrent_callers_share_one_synthesis(project: Path) -> None:
    def call(_: int) -> Path:
        return synthesize(project, {"COLOUR": "red"}).folder

    with ThreadPoolExecutor(max_workers=8) as callers:
        folders = set(callers.map(call, range(8)))

    assert len(folders) == 1
    assert runs(project) == 1


@pytest.mark.parametrize("other", [{}, {"COLOUR": "blue"}, {"COLOUR": "red", "SIZE": "1"}])
def test_other_environment_is_synthesized_again(project: Path, other: Mapping[str, str]) -> None:
    first = synthesize(project, {"COLOUR": "red"})

    second = synthesize(project, other)

    assert first.folder != second.folder
    assert runs(project) == 2


@pytest.mark.parametrize(
    "name",
    [
        "shapes/circle.py",
        "web/index.js",
        "queries/daily.sql",
        "assets/layer.zip",
        "greeting.tftpl",
        "shop/reports/one.sql",
    ],
)
def test_changed_source_or_asset_is_synthesized_again(project: Path, name: str) -> None:
    source = project / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text("one")
    synthesize(project, {})
    source.write_text("two")

    synthesize(project, {})

    assert runs(project) == 2


def test_renamed_source_is_synthesized_again(project: Path) -> None:
    (project / "one.sql").write_text("")
    synthesize(project, {})
    (project / "one.sql").rename(project / "two.sql")

    synthesize(project, {})

    assert runs(project) == 2


@pytest.mark.parametrize(
    "name",
    [
        "tests/new.py",
        "docs/new.md",
        "releases/1.0/cdk.tf.json",
        "reports/junit.xml",
        "cdktf.out/manifest.json",
        ".venv/new.py",
        ".runs/new.json",
        "node_modules/new.js",
        "web/node_modules/new.js",
        "shop/__pycache__/new.pyc",
        "cdktf.log",
        ".coverage.1234",
        "terraform.shop.tfstate",
    ],
)
def test_other_file_is_not_a_source(project: Path, name: str) -> None:
    synthesize(project, {})
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("new")

    synthesize(project, {})

    assert runs(project) == 1


def test_broken_link_is_not_a_source(project: Path) -> None:
    synthesize(project, {})
    (project / ".#main.py").symlink_to("user@host.1234")

    synthesize(project, {})

    assert runs(project) == 1


def test_python_app_runs_in_one_process_for_several_environments(project: Path) -> None:
    (project / "main.py").write_text(PYTHON_APP)
    (project / "cdktf.json").write_text(json.dumps({"app": "python3 main.py"}))

    syntheses = synthesize_each(project, [{"COLOUR": "red"}, {"COLOUR": "blue"}, {"COLOUR": "red"}])

    assert [each.terraform()["colour"] for each in syntheses] == ["red", "blue", "red"]
    assert len({each.terraform()["process"] for each in syntheses}) == 1


def test_error_shows_the_output_of_a_python_app(project: Path) -> None:
    (project / "main.py").write_text("import sys\nsys.exit('COLOUR is missing.')\n")
    (project / "cdktf.json").write_text(json.dumps({"app": "python3 main.py"}))

    with pytest.raises(SynthesisError) as caught:
        synthesize(project, {})

    assert str(caught.value) == f"'python3 main.py' failed with exit code 1 in {project}:\n  COLOUR is missing."


def test_error_if_the_app_ignores_the_output_folder(project: Path) -> None:
    (project / "main.py").write_text("")
    (project / "cdktf.json").write_text(json.dumps({"app": "python3 main.py"}))

    with pytest.raises(SynthesisError) as caught:
        synthesize(project, {})

    assert str(caught.value) == (
        f"'python3 main.py' failed with exit code 1 in {project}:\n  The app did not write to CDKTF_OUTDIR. "
        "Create it with cdktf.App(outdir=os.environ['CDKTF_OUTDIR'])."
    )


@pytest.mark.parametrize("module", ["cdktf", "cdktn"])
def test_missing_cdktf_is_reported_with_the_remedy(project: Path, module: str) -> None:
    """The harness does not depend on CDKTF: the app may run in an environment of its own."""
    (project / "main.py").write_text(f"import sys\nsys.modules['{module}'] = None\nimport {module}\n")
    (project / "cdktf.json").write_text(json.dumps({"app": f"{sys.executable} main.py"}))

    with pytest.raises(SynthesisError) as caught:
        synthesize(project, {})

    assert str(caught.value) == (
        f"'{sys.executable} main.py' failed with exit code 1 in {project}:\n"
        f"  The package {module} is not installed for {sys.executable}. "
        f"Run pip install {module} there, or change 'app' in cdktf.json to a Python that has it."
    )


def test_other_missing_module_is_reported_as_a_traceback(project: Path) -> None:
    (project / "main.py").write_text("import absent_module\n")
    (project / "cdktf.json").write_text(json.dumps({"app": "python3 main.py"}))

    with pytest.raises(SynthesisError, match=r"ModuleNotFoundError: No module named 'absent_module'$"):
        synthesize(project, {})


def test_app_has_only_the_given_variables(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT_SUFFIX", "developer")

    seen = synthesize(project, {"COLOUR": "red"}).terraform()["output"]["seen"]["value"]

    assert {"COLOUR", "CDKTF_OUTDIR", "PATH"} <= set(seen.split())
    assert "ENVIRONMENT_SUFFIX" not in seen


def test_only_stack_needs_no_name(project: Path) -> None:
    synthesis = synthesize(project, {})

    assert synthesis.stack_folder() == synthesis.stack_folder("shop") == synthesis.folder / "stacks" / "shop"


def test_failing_app_leaves_no_output(project: Path) -> None:
    with pytest.raises(SynthesisError) as caught:
        synthesize(project, {"COLOUR": "none"})

    assert str(caught.value) == (
        f"'sh app.sh' failed with exit code 1 in {project}:\n  COLOUR is 'none', but must be a colour."
    )
    assert [entry for entry in (project / ".runs" / "synthesis").iterdir() if entry.is_dir()] == []


def test_interrupted_synthesis_is_repeated(project: Path) -> None:
    folder = synthesize(project, {}).folder
    folder.rename(folder.with_suffix(".unfinished"))

    again = synthesize(project, {})

    assert again.terraform()["output"]
    assert runs(project) == 2


def test_only_recent_syntheses_are_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terraform_harness.synthesis._KEPT", 20)
    for number in range(22):
        synthesize(project, {"NUMBER": str(number)})

    kept = [entry.name for entry in (project / ".runs" / "synthesis").iterdir()]

    assert len([name for name in kept if re.fullmatch("[0-9a-f]{16}", name)]) == 20


def test_syntheses_of_one_call_are_all_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terraform_harness.synthesis._KEPT", 2)

    syntheses = synthesize_each(project, [{"NUMBER": str(number)} for number in range(3)])

    assert [each.folder.exists() for each in syntheses] == [True, True, True]

"""An app is run once per settings and source."""

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from terraform_harness.errors import SynthesisError
from terraform_harness.synthesis import synthesize, synthesize_each

# A shell script, since dozens of them are run.
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


def test_the_same_settings_and_source_are_synthesized_once(project: Path) -> None:
    first = synthesize(project, {"COLOUR": "red"})
    second = synthesize(project, {"COLOUR": "red"})

    assert first == second
    assert runs(project) == 1


def test_callers_at_the_same_time_share_one_synthesis(project: Path) -> None:
    def ask(_: int) -> Path:
        return synthesize(project, {"COLOUR": "red"}).folder

    with ThreadPoolExecutor(max_workers=8) as callers:
        folders = set(callers.map(ask, range(8)))

    assert len(folders) == 1
    assert runs(project) == 1


@pytest.mark.parametrize("other", [{}, {"COLOUR": "blue"}, {"COLOUR": "red", "SIZE": "1"}])
def test_other_settings_are_synthesized_anew(project: Path, other: Mapping[str, str]) -> None:
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
def test_a_changed_source_or_asset_is_synthesized_anew(project: Path, name: str) -> None:
    source = project / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text("one")
    synthesize(project, {})
    source.write_text("two")

    synthesize(project, {})

    assert runs(project) == 2


def test_a_source_of_another_name_is_synthesized_anew(project: Path) -> None:
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
def test_what_is_no_source_does_not_count(project: Path, name: str) -> None:
    synthesize(project, {})
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("new")

    synthesize(project, {})

    assert runs(project) == 1


def test_a_link_that_leads_nowhere_does_not_count(project: Path) -> None:
    synthesize(project, {})
    (project / ".#main.py").symlink_to("somebody@somewhere.1234")

    synthesize(project, {})

    assert runs(project) == 1


def test_several_settings_of_a_python_app_are_synthesized_in_one_process(project: Path) -> None:
    (project / "main.py").write_text(PYTHON_APP)
    (project / "cdktf.json").write_text(json.dumps({"app": "python3 main.py"}))

    syntheses = synthesize_each(project, [{"COLOUR": "red"}, {"COLOUR": "blue"}, {"COLOUR": "red"}])

    assert [each.terraform()["colour"] for each in syntheses] == ["red", "blue", "red"]
    assert len({each.terraform()["process"] for each in syntheses}) == 1


def test_a_failing_python_app_is_quoted(project: Path) -> None:
    (project / "main.py").write_text("import sys\nsys.exit('COLOUR is missing.')\n")
    (project / "cdktf.json").write_text(json.dumps({"app": "python3 main.py"}))

    with pytest.raises(SynthesisError) as caught:
        synthesize(project, {})

    assert str(caught.value) == f"'python3 main.py' failed with exit code 1 in {project}:\n  COLOUR is missing."


def test_an_app_that_writes_elsewhere_is_told_how_not_to(project: Path) -> None:
    (project / "main.py").write_text("")
    (project / "cdktf.json").write_text(json.dumps({"app": "python3 main.py"}))

    with pytest.raises(SynthesisError) as caught:
        synthesize(project, {})

    assert str(caught.value) == (
        f"'python3 main.py' failed with exit code 1 in {project}:\n  The app did not write to CDKTF_OUTDIR. "
        "Create it with cdktf.App(outdir=os.environ['CDKTF_OUTDIR'])."
    )


def test_the_app_sees_the_given_variables_and_none_of_the_callers(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT_SUFFIX", "of-the-developer")

    seen = synthesize(project, {"COLOUR": "red"}).terraform()["output"]["seen"]["value"]

    assert {"COLOUR", "CDKTF_OUTDIR", "PATH"} <= set(seen.split())
    assert "ENVIRONMENT_SUFFIX" not in seen


def test_the_stack_is_found_by_its_name_or_as_the_only_one(project: Path) -> None:
    synthesis = synthesize(project, {})

    assert synthesis.stack_folder() == synthesis.stack_folder("shop") == synthesis.folder / "stacks" / "shop"


def test_a_failing_app_is_quoted_and_leaves_nothing_behind(project: Path) -> None:
    with pytest.raises(SynthesisError) as caught:
        synthesize(project, {"COLOUR": "none"})

    assert str(caught.value) == (
        f"'sh app.sh' failed with exit code 1 in {project}:\n  COLOUR is 'none', but must be a colour."
    )
    assert [entry for entry in (project / ".runs" / "synthesis").iterdir() if entry.is_dir()] == []


def test_a_synthesis_that_was_interrupted_is_done_again(project: Path) -> None:
    folder = synthesize(project, {}).folder
    folder.rename(folder.with_suffix(".unfinished"))

    again = synthesize(project, {})

    assert again.terraform()["output"]
    assert runs(project) == 2


def test_only_the_latest_syntheses_are_kept(project: Path) -> None:
    for number in range(22):
        synthesize(project, {"NUMBER": str(number)})

    kept = [entry.name for entry in (project / ".runs" / "synthesis").iterdir()]

    assert len([name for name in kept if re.fullmatch("[0-9a-f]{16}", name)]) == 20

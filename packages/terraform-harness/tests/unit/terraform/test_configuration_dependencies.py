"""The copy of a Terraform configuration has dependency folders only inside a folder that the configuration names."""

from pathlib import Path

import pytest

from harness_support.configuration_files import copied, write


@pytest.mark.parametrize(
    "text", ['source_dir = "lambda"', 'source_dir = "${path.module}/lambda"', 'x = "./lambda/${var.x}"']
)
def test_content_keeps_its_dependencies(project: Path, text: str) -> None:
    names = {"main.tf", "lambda/node_modules/x/index.js", "lambda/venv/pyvenv.cfg", "lambda/a/node_modules/y"}
    write(project, dict.fromkeys(names, ""))
    write(project, {"main.tf": text, "lambda/terraform.tfstate": "", "lambda/__pycache__/x": "", "lambda/.git/x": ""})
    write(project, {"lambda/venv/CACHEDIR.TAG": ""})

    copy = copied(project, ".")

    assert copy == names | {"lambda/venv/CACHEDIR.TAG"}


def test_content_may_be_a_folder_of_dependencies(project: Path) -> None:
    names = {"venv/pyvenv.cfg", "a/node_modules/x", "b/node_modules/x", "node_modules/x/index.js", "target/a.zip"}
    write(project, dict.fromkeys([*names, "node_modules/y/index.js", "target/CACHEDIR.TAG"], ""))
    paths = ["${path.module}/venv", "a/node_modules", "${local.b}/b/node_modules", "node_modules/x", "target/a.zip"]
    write(project, {"main.tf": "\n".join(f'x = "{path}"' for path in paths)})

    copy = copied(project, ".")

    assert copy == {"main.tf", *names}


def test_dependencies_of_a_dynamic_folder_are_content(project: Path) -> None:
    write(project, {"main.tf": 'x = "${var.folder}/node_modules"\ny = "../.a_cache"', "node_modules/x": ""})
    write(project.parent, {".a_cache": ""})

    copy = copied(project, ".")

    assert copy == {"project/main.tf", "project/node_modules/x", ".a_cache"}


@pytest.mark.parametrize("word", ["node_modules", "node_modules/**", "venv", ".git", ".terraform", "a/__pycache__"])
def test_excludes_name_no_content(project: Path, word: str) -> None:
    write(project, {"main.tf": f'excludes = ["{word}"]', "venv/pyvenv.cfg": "", "node_modules/x": ""})
    write(project, {".git/x": "", ".terraform/x": "", "a/__pycache__/x": ""})

    copy = copied(project, ".")

    assert copy == {"main.tf"}

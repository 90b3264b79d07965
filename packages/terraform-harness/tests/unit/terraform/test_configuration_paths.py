"""The copy of a Terraform configuration has the files and folders that the text of the configuration names."""

from pathlib import Path

import pytest

from harness_support.configuration_files import copied, write
from terraform_harness.terraform.configuration import find_configuration

REFERENCES = {
    "a string": 'filename = "../src/x"',
    "a path of the module": 'filename = "${path.module}/../src/x"',
    "a path of the root": 'filename = "${ path.root }/../src/x"',
    "an expression with strings": 'filename = "${lookup(var.folders, "a")}/../src/x"',
    "an expression with braces": 'filename = "${lookup({ a = "${path.module}" }, "a")}/../src/x"',
    "an expression in the middle": 'filename = "${path.module}/functions/${each.key}/../../../src/x"',
    "an expression in another": 'value = "a ${file("../src/x")} b"',
    "a double slash": 'filename = "${path.module}//../src/x"',
    "a verb of format": 'filename = format("%s/../src/x", path.module)',
    "a verb with a number": 'filename = format("%[2]s/../src/x", 1, path.module)',
    "a heredoc": "command = <<-EOT\n  cd /tmp\n  cat ../src/x | wc\nEOT\n",
    "a command": 'command = "python3 ${path.module}/../src/x --fast"',
    "a command in quotes": "command = \"sh -c 'cat ../src/x'\"",
    "a second line": 'command = "cd /tmp\\n../src/x"',
    "an option": 'command = "tool --file=../src/x"',
    "a string in JSON": 'value = "{\\"file\\": \\"../src/x\\"}"',
    "a pattern": 'files = fileset(path.module, "../src/*")',
    "a detour": 'filename = "../src/y/../x"',
    "a comment in front": '# A "quote\nfilename = "../src/x"',
}


@pytest.mark.parametrize("text", REFERENCES.values(), ids=REFERENCES)
def test_file_is_found_by(project: Path, text: str) -> None:
    write(project, {"stack/main.tf": text, "src/x": "", "not-named": ""})

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "src/x"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tf.json", '{"x": "../größe 😀.zip"}'),
        ("a.tf.json", '{"x": "../gr\\u00f6\\u00dfe \\ud83d\\ude00.zip"}'),
        ("a.tf.json", '{"x": "${filebase64(\\"../größe 😀.zip\\")}", "y": "\\ud83d"}'),
        ("a.tf.json", '{"x": "${file(\\"${path.module}/../größe 😀.zip\\")}"}'),
        ("terraform.tfvars", 'x = "../größe 😀.zip"'),
        ("a.auto.tfvars.json", '{"x": ["../größe 😀.zip"]}'),
    ],
)
def test_each_kind_of_file_names_paths(project: Path, name: str, text: str) -> None:
    write(project, {"stack/main.tf.json": "{}", f"stack/{name}": text, "größe 😀.zip": ""})

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf.json", f"stack/{name}", "größe 😀.zip"}


NOT_PATHS = [
    '# source = "../other"',
    'x = 1\n\n\t// source = "../other"',
    '/* source = "../other"\n*/',
    'x = "https://a/../../../other"',
    'x = "stack/../other"',
    'x = "/a/../other"',
    'x = "/node_modules/x"',
    'x = "see node_modules/x"',
    'x = "../missing.zip"',
    f'x = "{"long" * 2000}"',
    'x = "a... b"',
]


@pytest.mark.parametrize("text", NOT_PATHS)
def test_other_text_copies_nothing(project: Path, text: str) -> None:
    write(project, {"stack/main.tf": text, "stack/node_modules/x": "", "other/x": ""})

    files = find_configuration(project / "stack", project=project).files.values()

    assert set(files) == {project / "stack/main.tf"}


def test_text_of_another_encoding_names_paths(project: Path) -> None:
    write(project, {"stack/main.tf": "", "x": ""})
    (project / "stack/main.tf").write_bytes('# größe\ny = "ß"\nx = "../x"'.encode("latin-1"))

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "x"}


def test_dynamic_path_copies_the_folder_before_it(project: Path) -> None:
    write(project, {"stack/main.tf": 'x = "../src/v-${var.x}.zip"', "src/v-1.zip": "", "src/a/b": "", "c": ""})

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "src/v-1.zip", "src/a/b"}


@pytest.mark.parametrize("path", ["../${var.x}.zip", "../${path.module}/x.zip", "..", "${path.module}/.."])
def test_dynamic_path_in_the_parent_copies_the_parent(project: Path, path: str) -> None:
    write(project, {"stack/main.tf": f'x = "{path}"', "v-1.zip": "", "node_modules/x": "", ".git/config": ""})

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "v-1.zip"}


def test_parent_outside_of_the_project_is_not_copied(project: Path) -> None:
    write(project, {"main.tf": 'x = "../${var.x}.zip"'})
    write(project.parent, {"v-1.zip": ""})

    copy = copied(project, ".")

    assert copy == {"project/main.tf"}


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("../build/x.zip", "stack"),
        ("../../build/x.zip", "c/stack"),
        ("${path.module}/../build/${var.x}.zip", "stack"),
        ("../stack/x.zip", "stack"),
        ("build/x.zip", ""),
    ],
)
def test_output_path_stays_in_the_copy(project: Path, path: str, folder: str) -> None:
    write(project, {"b/c/stack/main.tf": f'output_path = "{path}"'})

    found = find_configuration(project / "b/c/stack", project=project / "b/c/stack")

    assert found.folder == Path(folder)
    assert list(found.files) == [Path(folder) / "main.tf"]


def test_folder_of_an_output_path_is_not_copied(project: Path) -> None:
    write(project, {"stack/main.tf": 'output_path = "../build/x.zip"', "build/old.zip": ""})

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf"}

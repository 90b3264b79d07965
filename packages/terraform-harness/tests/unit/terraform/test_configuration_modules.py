"""The copy of a Terraform configuration has its local modules and the files that they name."""

from pathlib import Path

from harness_support.configuration_files import copied, write
from terraform_harness.terraform.configuration import find_configuration


def test_dynamic_folder_is_not_a_module(project: Path) -> None:
    write(project, {"stack/main.tf": 'x = "../functions/${each.key}"', "functions/main.tf": 'x = "../other"'})
    write(project, {"functions/a/node_modules/x": "", "other": ""})

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "functions/main.tf", "functions/a/node_modules/x"}


def test_parent_module_is_copied_wherever_it_is(project: Path) -> None:
    write(project.parent, {"main.tf": 'file("${path.module}/x")', "x": "", ".git/config": ""})
    write(project, {"basic/main.tf": 'module "x" {\n  source = "../.."\n}'})

    files = find_configuration(project / "basic", project=project).files

    assert set(map(str, files)) == {"main.tf", "x", "project/basic/main.tf"}


def test_modules_name_modules(project: Path) -> None:
    write(
        project,
        {
            "live/prod/main.tf": 'module "a" {\n  source = "../../modules/a"\n}',
            "modules/a/main.tf": 'module "b" {\n  source = "../b"\n}\nx = file("../from-root")\ny = "lambda"',
            "modules/a/lambda/node_modules/x": "",
            "modules/a/node_modules/x": "",
            "modules/b/main.tf.json": '{"x": "${path.module}/../../shared/x", "source": "../a"}',
            "modules/b/.terraform/x": "",
            "modules/c/main.tf": "",
            "live/from-root": "",
            "shared/x": "",
            "shared/y": "",
        },
    )

    copy = copied(project, "live/prod")

    assert copy == {
        "live/prod/main.tf",
        "live/from-root",
        "modules/a/main.tf",
        "modules/a/lambda/node_modules/x",
        "modules/b/main.tf.json",
        "shared/x",
    }


def test_module_path_is_read_from_the_module_only(project: Path) -> None:
    write(
        project,
        {
            "stack/main.tf": 'module "a" {\n  source = "./modules/a"\n}',
            "stack/modules/a/main.tf": 'x = "${path.module}/../../node_modules/c"\ny = "../../b"',
            "stack/b/main.tf": "",
            "stack/node_modules/c": "",
            "b/main.tf": "",
            "node_modules/c": "",
        },
    )

    copy = copied(project / "stack", ".")

    assert copy == {"main.tf", "modules/a/main.tf", "b/main.tf", "node_modules/c"}


def test_word_names_no_module(project: Path) -> None:
    write(project, {"main.tf": 'x = "prod"', "prod/main.tf": 'x = "../venv/x"', "prod/node_modules/x": ""})
    write(project, {"venv/x": "", "venv/pyvenv.cfg": ""})

    copy = copied(project, ".")

    assert copy == {"main.tf", "prod/main.tf", "prod/node_modules/x"}

"""Input with HCL is rejected, because a check would miss a part of the configuration."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from terraform_guardrails.__main__ import app

REMEDY = "Create a plan with 'terraform plan -out=plan && terraform show -json plan > plan.json', then pass plan.json"
INPUTS = "Pass a *.tf.json file, a folder with such files, or the output of 'terraform show -json'."
HCL = 'resource "aws_sns_topic" "orders" {}\n'
CLEAN = "0 errors, 0 warnings.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with HCL in infra and JSON in out/app."""
    write(tmp_path, "infra/main.tf", "infra/outputs.tf", "infra/override.tf")
    write_json(tmp_path / "out" / "app" / "cdk.tf.json")
    return tmp_path


def write(folder: Path, *names: str, text: str = HCL) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def write_json(file: Path, **more: object) -> None:
    write(file.parent, file.name, text=json.dumps({"resource": {"aws_sns_topic": {"t": {"name": "t"}}}, **more}))


def run(path: Path) -> Result:
    return CliRunner().invoke(app, [str(path)])


def error_for(path: Path) -> str:
    result = run(path)

    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def output_for(path: Path) -> str:
    result = run(path)

    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_a_folder_of_hcl_is_rejected(project: Path) -> None:
    folder = project / "infra"

    assert error_for(folder) == f"{folder}: 3 *.tf files are HCL, which is not supported. {REMEDY}.\n"


def test_hcl_beside_json_is_rejected(project: Path) -> None:
    folder = project / "out" / "app"
    write(folder, "provider_override.tf")

    message = f"{folder}: 1 *.tf file is HCL, which is not supported. {REMEDY}.\n"
    assert error_for(folder) == message
    assert error_for(folder / "cdk.tf.json") == message


def test_hcl_elsewhere_in_a_repository_is_rejected(project: Path) -> None:
    assert error_for(project) == (
        f"{project / 'infra'}: 3 *.tf files are HCL, which is not supported. "
        f"{REMEDY} and the folders with *.tf.json files.\n"
    )


def test_all_unread_files_are_counted(project: Path) -> None:
    write(project, "bootstrap/main.tf", "infra/network/main.tf")

    assert error_for(project) == (
        f"{project / 'bootstrap'}: 1 *.tf file here and 4 in other folders are HCL, which is not supported. "
        f"{REMEDY} and the folders with *.tf.json files.\n"
    )


def test_a_single_hcl_file_is_rejected(project: Path) -> None:
    folder = project / "infra"

    assert error_for(folder / "main.tf") == f"{folder}: 3 *.tf files are HCL, which is not supported. {REMEDY}.\n"


def test_json_in_another_folder_than_the_hcl_is_accepted(project: Path) -> None:
    assert output_for(project / "out") == f"1 resource: {CLEAN}"


@pytest.mark.parametrize("name", ["plan.json", "converted.json"])
def test_other_json_beside_hcl_is_accepted(project: Path, name: str) -> None:
    """Terraform does not read JSON files with another extension than *.tf.json."""
    file = project / "infra" / name
    if name == "plan.json":
        file.write_text('{"format_version": "1.2"}')
    else:
        write_json(file)

    assert output_for(file) == ("0 resources: " if name == "plan.json" else "1 resource: ") + CLEAN


@pytest.mark.parametrize("name", [".git", ".runs", ".terraform", "node_modules"])
def test_folders_of_tools_are_skipped(project: Path, name: str) -> None:
    write(project / "out", f"app/{name}/deep/main.tf")
    write_json(project / "out" / "app" / name / "deep" / "main.tf.json")

    assert output_for(project / "out") == f"1 resource: {CLEAN}"


def test_a_folder_of_a_tool_can_be_the_path(project: Path) -> None:
    folder = project / ".runs" / "one"
    write_json(folder / "cdk.tf.json")

    assert output_for(folder) == f"1 resource: {CLEAN}"


def test_hidden_files_are_skipped(project: Path) -> None:
    folder = project / "out" / "app"
    write(folder, ".#main.tf", ".main.tf.json")

    assert output_for(folder) == f"1 resource: {CLEAN}"
    assert output_for(folder / "cdk.tf.json") == f"1 resource: {CLEAN}"


def test_a_hidden_hcl_file_is_rejected(project: Path) -> None:
    write(project / "out" / "app", ".main.tf")
    file = project / "out" / "app" / ".main.tf"

    assert error_for(file) == f"{file}: the file is not JSON: Expecting value in line 1. {INPUTS}\n"


@pytest.mark.parametrize(
    ("source", "module"),
    [("./assets/orders", "out/app/assets/orders"), ("../../modules/orders", "modules/orders")],
)
@pytest.mark.parametrize("is_list", [False, True])
def test_a_local_module_is_inconclusive(tmp_path: Path, source: str, module: str, *, is_list: bool) -> None:
    call = {"source": source}
    write_json(tmp_path / "out" / "app" / "cdk.tf.json", module={"orders": [call] if is_list else call})
    write(tmp_path, f"{module}/main.tf")

    assert (
        output_for(tmp_path)
        == "1 resource: 0 errors, 0 warnings, 1 inconclusive (use --format json for the reasons).\n"
    )


@pytest.mark.parametrize("text", ['module "a" {\n  source = "./inner"\n}\n', 'module "a" { source = "./inner" }'])
def test_a_nested_local_module_is_inconclusive(tmp_path: Path, text: str) -> None:
    write_json(tmp_path / "cdk.tf.json", module={"orders": {"source": "./orders"}})
    write(tmp_path, "orders/main.tf", text=text)
    write(tmp_path, "orders/inner/main.tf")

    assert (
        output_for(tmp_path)
        == "1 resource: 0 errors, 0 warnings, 1 inconclusive (use --format json for the reasons).\n"
    )


@pytest.mark.parametrize("source", ["orders", "app.example.com/acme/orders/aws", "${path.module}/orders", 5, None])
def test_hcl_is_rejected_if_the_module_is_elsewhere(tmp_path: Path, source: object) -> None:
    write_json(tmp_path / "app" / "cdk.tf.json", module={"orders": {"source": source}})
    write(tmp_path, "app/orders/main.tf")

    assert error_for(tmp_path) == (
        f"{tmp_path / 'app' / 'orders'}: 1 *.tf file is HCL, which is not supported. "
        f"{REMEDY} and the folders with *.tf.json files.\n"
    )


def test_a_local_module_with_json_and_hcl_is_rejected(tmp_path: Path) -> None:
    write_json(tmp_path / "cdk.tf.json", module={"orders": {"source": "./orders"}})
    write_json(tmp_path / "orders" / "main.tf.json")
    write(tmp_path, "orders/outputs.tf")

    assert error_for(tmp_path) == (
        f"{tmp_path / 'orders'}: 1 *.tf file is HCL, which is not supported. "
        f"{REMEDY} and the folders with *.tf.json files.\n"
    )


def test_a_module_that_is_not_an_object_is_rejected(project: Path) -> None:
    file = project / "out" / "app" / "cdk.tf.json"
    write_json(file, module={"orders": 5})

    assert error_for(project) == f"{file}: module.orders is not an object. {INPUTS}\n"


def test_an_unreadable_module_file_is_inconclusive(tmp_path: Path) -> None:
    write_json(tmp_path / "cdk.tf.json", module={"orders": {"source": "./orders"}})
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "main.tf").symlink_to(tmp_path / "missing")

    assert (
        output_for(tmp_path)
        == "1 resource: 0 errors, 0 warnings, 1 inconclusive (use --format json for the reasons).\n"
    )

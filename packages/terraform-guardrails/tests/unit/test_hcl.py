"""HCL is not read, and a check that would leave it out is refused."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from terraform_guardrails.__main__ import app

REMEDY = "Make a plan with 'terraform plan -out=plan && terraform show -json plan > plan.json', and give plan.json"
INPUTS = "Give a *.tf.json file, a folder that holds some, or the output of 'terraform show -json'."
HCL = 'resource "aws_sns_topic" "orders" {}\n'
CLEAN = "0 errors, 0 warnings.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with HCL in infra and JSON in out/app."""
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


def checked(path: Path) -> Result:
    return CliRunner().invoke(app, [str(path)])


def refused(path: Path) -> str:
    result = checked(path)

    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def accepted(path: Path) -> str:
    result = checked(path)

    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_a_folder_of_hcl_is_refused(project: Path) -> None:
    folder = project / "infra"

    assert refused(folder) == f"{folder}: 3 *.tf files are HCL, which is not read. {REMEDY}.\n"


def test_hcl_beside_json_is_refused(project: Path) -> None:
    folder = project / "out" / "app"
    write(folder, "provider_override.tf")

    message = f"{folder}: 1 *.tf file is HCL, which is not read. {REMEDY}.\n"
    assert refused(folder) == message
    assert refused(folder / "cdk.tf.json") == message


def test_hcl_elsewhere_in_a_repository_is_refused(project: Path) -> None:
    assert refused(project) == (
        f"{project / 'infra'}: 3 *.tf files are HCL, which is not read. "
        f"{REMEDY} and the folders of the *.tf.json files.\n"
    )


def test_all_unread_files_are_counted(project: Path) -> None:
    write(project, "bootstrap/main.tf", "infra/network/main.tf")

    assert refused(project) == (
        f"{project / 'bootstrap'}: 1 *.tf file, and 4 in other folders, are HCL, which is not read. "
        f"{REMEDY} and the folders of the *.tf.json files.\n"
    )


def test_a_single_hcl_file_is_refused(project: Path) -> None:
    folder = project / "infra"

    assert refused(folder / "main.tf") == f"{folder}: 3 *.tf files are HCL, which is not read. {REMEDY}.\n"


def test_json_in_another_folder_than_the_hcl_is_accepted(project: Path) -> None:
    assert accepted(project / "out") == f"1 resource: {CLEAN}"


@pytest.mark.parametrize("name", ["plan.json", "converted.json"])
def test_json_that_terraform_does_not_read_may_be_beside_hcl(project: Path, name: str) -> None:
    file = project / "infra" / name
    if name == "plan.json":
        file.write_text('{"format_version": "1.2"}')
    else:
        write_json(file)

    assert accepted(file) == ("0 resources: " if name == "plan.json" else "1 resource: ") + CLEAN


@pytest.mark.parametrize("name", [".git", ".runs", ".terraform", "node_modules"])
def test_folders_of_tools_are_skipped(project: Path, name: str) -> None:
    write(project / "out", f"app/{name}/deep/main.tf")
    write_json(project / "out" / "app" / name / "deep" / "main.tf.json")

    assert accepted(project / "out") == f"1 resource: {CLEAN}"


def test_a_folder_of_a_tool_can_be_given_itself(project: Path) -> None:
    folder = project / ".runs" / "one"
    write_json(folder / "cdk.tf.json")

    assert accepted(folder) == f"1 resource: {CLEAN}"


def test_hidden_files_are_skipped(project: Path) -> None:
    folder = project / "out" / "app"
    write(folder, ".#main.tf", ".main.tf.json")

    assert accepted(folder) == f"1 resource: {CLEAN}"
    assert accepted(folder / "cdk.tf.json") == f"1 resource: {CLEAN}"


def test_a_hidden_hcl_file_is_no_json(project: Path) -> None:
    write(project / "out" / "app", ".main.tf")
    file = project / "out" / "app" / ".main.tf"

    assert refused(file) == f"{file}: it is not JSON: Expecting value in line 1. {INPUTS}\n"


@pytest.mark.parametrize(
    ("source", "module"),
    [("./assets/orders", "out/app/assets/orders"), ("../../modules/orders", "modules/orders")],
)
@pytest.mark.parametrize("is_list", [False, True])
def test_a_local_module_is_not_judged(tmp_path: Path, source: str, module: str, *, is_list: bool) -> None:
    call = {"source": source}
    write_json(tmp_path / "out" / "app" / "cdk.tf.json", module={"orders": [call] if is_list else call})
    write(tmp_path, f"{module}/main.tf")

    assert accepted(tmp_path) == "1 resource: 0 errors, 0 warnings, 1 not judged (--format json says why).\n"


@pytest.mark.parametrize("text", ['module "a" {\n  source = "./inner"\n}\n', 'module "a" { source = "./inner" }'])
def test_a_module_of_a_local_module_is_not_judged(tmp_path: Path, text: str) -> None:
    write_json(tmp_path / "cdk.tf.json", module={"orders": {"source": "./orders"}})
    write(tmp_path, "orders/main.tf", text=text)
    write(tmp_path, "orders/inner/main.tf")

    assert accepted(tmp_path) == "1 resource: 0 errors, 0 warnings, 1 not judged (--format json says why).\n"


@pytest.mark.parametrize("source", ["orders", "app.example.com/acme/orders/aws", "${path.module}/orders", 5, None])
def test_a_source_elsewhere_does_not_account_for_hcl(tmp_path: Path, source: object) -> None:
    write_json(tmp_path / "app" / "cdk.tf.json", module={"orders": {"source": source}})
    write(tmp_path, "app/orders/main.tf")

    assert refused(tmp_path) == (
        f"{tmp_path / 'app' / 'orders'}: 1 *.tf file is HCL, which is not read. "
        f"{REMEDY} and the folders of the *.tf.json files.\n"
    )


def test_a_local_module_of_json_and_hcl_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "cdk.tf.json", module={"orders": {"source": "./orders"}})
    write_json(tmp_path / "orders" / "main.tf.json")
    write(tmp_path, "orders/outputs.tf")

    assert refused(tmp_path) == (
        f"{tmp_path / 'orders'}: 1 *.tf file is HCL, which is not read. "
        f"{REMEDY} and the folders of the *.tf.json files.\n"
    )


def test_a_module_that_is_not_an_object_is_refused(project: Path) -> None:
    file = project / "out" / "app" / "cdk.tf.json"
    write_json(file, module={"orders": 5})

    assert refused(project) == f"{file}: module.orders is not an object. {INPUTS}\n"


def test_a_module_file_that_cannot_be_read_is_not_judged(tmp_path: Path) -> None:
    write_json(tmp_path / "cdk.tf.json", module={"orders": {"source": "./orders"}})
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "main.tf").symlink_to(tmp_path / "missing")

    assert accepted(tmp_path) == "1 resource: 0 errors, 0 warnings, 1 not judged (--format json says why).\n"

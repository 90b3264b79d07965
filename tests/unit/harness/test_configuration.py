"""The copy of a Terraform configuration has its files and the files that it names, and nothing else."""

import os
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from harness.configuration import find_configuration
from harness.errors import ConfigurationError

NOBODY = 65534
REMEDY = "The fixture 'terraform_configuration' must return a folder with Terraform files."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def copied(project: Path, folder: str, *, without: Collection[str] = ()) -> set[str]:
    """Copy a configuration and return the path of each file in the copy; nothing in it is a link."""
    found = find_configuration(project / folder, project=project, without=[project / one for one in without])
    root = project.parent / "copy"
    found.copy_to(root)
    assert not any(path.is_symlink() for path in root.rglob("*"))
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}


def test_copy_has_each_file_of_the_folder(project: Path) -> None:
    names = {"stack/main.tf", "stack/.terraform.lock.hcl", "stack/a b/größe.json", "stack/network.tfstate.tf"}
    write(project, dict.fromkeys(names, ""))
    write(project, {"other/main.tf": "", "README.md": ""})

    copy = copied(project, "stack")

    assert copy == {"main.tf", ".terraform.lock.hcl", "a b/größe.json", "network.tfstate.tf"}


def test_copy_keeps_content_and_mode(project: Path) -> None:
    write(project, {"stack/main.tf": 'file("../run.sh")'})
    (project / "run.sh").write_bytes(b"\x00\xff\n")
    (project / "run.sh").chmod(0o755)

    folder = find_configuration(project / "stack", project=project).copy_to(project.parent / "copy")

    assert folder == project.parent / "copy" / "stack"
    assert (folder / "../run.sh").read_bytes() == b"\x00\xff\n"
    assert (folder / "../run.sh").stat().st_mode & 0o777 == 0o755


def test_each_file_has_its_source_in_order_of_paths(project: Path) -> None:
    names = [f"{folder}/{number}" for folder in ("src", "stack") for number in range(10, 30)]
    write(project, dict.fromkeys(reversed(names), ""))
    write(project, {"stack/main.tf": 'x = "../src"'})

    found = find_configuration(project / "stack", project=project)

    assert found.folder == Path("stack")
    assert list(found.files.items()) == [(Path(name), project / name) for name in [*names, "stack/main.tf"]]


EXCLUDED = [
    ".git/config",
    ".hg/store",
    ".hypothesis/unicode",
    ".mypy_cache/x",
    ".nox/x",
    ".runs/run-1/state",
    ".svn/entries",
    ".terraform/modules/modules.json",
    ".terraform.tfstate.lock.info",
    ".terragrunt-cache/main.tf",
    ".tox/x",
    "__pycache__/x.pyc",
    "node_modules/x/index.js",
    "plan.tfplan",
    "target/CACHEDIR.TAG",
    "terraform.tfstate",
    "terraform.tfstate.1700000000.backup",
    "terraform.tfstate.backup",
    "terraform.tfstate.d/prod/terraform.tfstate",
    "terraform.tfstate~",
    "venv/pyvenv.cfg",
]


@pytest.mark.parametrize("folder", ["", "a/b/"])
@pytest.mark.parametrize("name", EXCLUDED)
def test_copy_has_no_state_cache_or_dependency(project: Path, name: str, folder: str) -> None:
    write(project, {"main.tf": "", f"{folder}{name}": "", f"{folder}kept": ""})

    copy = copied(project, ".")

    assert copy == {"main.tf", f"{folder}kept"}


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


def test_dynamic_folder_is_no_module(project: Path) -> None:
    write(project, {"stack/main.tf": 'x = "../functions/${each.key}"', "functions/main.tf": 'x = "../other"'})
    write(project, {"functions/a/node_modules/x": "", "other": ""})

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "functions/main.tf", "functions/a/node_modules/x"}


def test_parent_outside_of_the_project_is_not_copied(project: Path) -> None:
    write(project, {"main.tf": 'x = "../${var.x}.zip"'})
    write(project.parent, {"v-1.zip": ""})

    copy = copied(project, ".")

    assert copy == {"project/main.tf"}


def test_parent_module_is_copied_wherever_it_is(project: Path) -> None:
    write(project.parent, {"main.tf": 'file("${path.module}/x")', "x": "", ".git/config": ""})
    write(project, {"basic/main.tf": 'module "x" {\n  source = "../.."\n}'})

    files = find_configuration(project / "basic", project=project).files

    assert set(map(str, files)) == {"main.tf", "x", "project/basic/main.tf"}


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


def test_word_names_no_module(project: Path) -> None:
    write(project, {"main.tf": 'x = "prod"', "prod/main.tf": 'x = "../venv/x"', "prod/node_modules/x": ""})
    write(project, {"venv/x": "", "venv/pyvenv.cfg": ""})

    copy = copied(project, ".")

    assert copy == {"main.tf", "prod/main.tf", "prod/node_modules/x"}


@pytest.mark.parametrize("word", ["node_modules", "node_modules/**", "venv", ".git", ".terraform", "a/__pycache__"])
def test_excludes_name_no_content(project: Path, word: str) -> None:
    write(project, {"main.tf": f'excludes = ["{word}"]', "venv/pyvenv.cfg": "", "node_modules/x": ""})
    write(project, {".git/x": "", ".terraform/x": "", "a/__pycache__/x": ""})

    copy = copied(project, ".")

    assert copy == {"main.tf"}


@pytest.mark.parametrize("text", ["", 'x = "../reports/today"', 'x = "reports"', 'x = "../out/today"', 'x = ".."'])
def test_folders_without_are_not_copied(project: Path, text: str) -> None:
    write(project, {"main.tf": text, "reports/today/x": ""})
    write(project.parent, {"shared/y/z": ""})
    link(project / "latest", "reports/today")
    link(project / "shared", "../shared")
    link(project.parent / "out", "project/reports")
    link(project.parent / "shared-y", "shared/y")

    without = [project.parent / "out", project.parent / "shared-y"]
    files = find_configuration(project, project=project, without=without).files

    assert list(files.values()) == [project / "main.tf"]


def test_configuration_may_be_in_a_folder_without(project: Path) -> None:
    write(project, {".runs/1/stack/main.tf": 'x = "../src/x"', ".runs/1/src/x": ""})

    copy = copied(project, ".runs/1/stack", without=[".runs"])

    assert copy == {"stack/main.tf", "src/x"}


def test_links_are_followed(project: Path) -> None:
    write(project, {"main.tf": "", "src/a": "", "src/b/c": ""})
    link(project / "stack/main.tf", "../main.tf")
    link(project / "stack/src", "../src")
    link(project / "stack/link", "src/b")

    copy = copied(project, "stack")

    assert copy == {"main.tf", "src/a", "src/b/c", "link/c"}


@pytest.mark.parametrize("target", [".", "..", "../..", "/", "loop", "missing", "../other"])
def test_link_is_not_followed_endlessly(project: Path, target: str) -> None:
    write(project, {"stack/main.tf": "", "stack/a/b": "", "stack/other/c": ""})
    link(project / "stack/a/loop", target)
    link(project / "stack/other/back", "../a")
    here = {"main.tf", "a/b", "other/c", "other/back/b"}

    copy = copied(project, "stack")

    assert copy == (here | {"a/loop/c"} if target == "../other" else here)


@pytest.mark.parametrize(
    "target", ["other.tfstate", ".git/config", "terraform.tfstate.d/prod/data", ".terraform", "hidden"]
)
def test_link_to_an_excluded_file_is_not_followed(project: Path, target: str) -> None:
    write(project, {"stack/main.tf": 'file("../state")\nfile("../named.tfstate")', "stack/kept": "", "kept": ""})
    write(project, dict.fromkeys(["other.tfstate", ".git/config", "terraform.tfstate.d/prod/data"], ""))
    write(project, {".terraform/x": ""})
    link(project / "hidden", "other.tfstate")
    link(project / "stack/state.json", f"../{target}")
    link(project / "stack/kept.tfstate", "kept")
    link(project / "named.tfstate", "kept")
    link(project / "state", target)

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "stack/kept"}


def test_linked_folder_has_no_dependencies(project: Path) -> None:
    write(project, {"stack/main.tf": "", "src/node_modules/x": "", "src/y": ""})
    link(project / "stack/src", "../src")

    copy = copied(project, "stack")

    assert copy == {"main.tf", "src/y"}


def test_configuration_may_be_a_link(project: Path) -> None:
    write(project, {"releases/1/stack/main.tf": 'file("../src/x")', "releases/1/src/x": ""})
    link(project / "stack", "releases/1/stack")

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "src/x"}


def test_project_may_be_a_link(project: Path) -> None:
    write(project, {"stack/main.tf": 'x = "../${var.x}.zip"', "v-1.zip": ""})
    link(project.parent / "linked", "project")

    files = find_configuration(project / "stack", project=project.parent / "linked").files

    assert list(files.values()) == [project / "stack/main.tf", project / "v-1.zip"]


def test_path_through_a_link_to_the_parent_is_copied(project: Path) -> None:
    write(project, {"stack/main.tf": 'x = "repository/src/x"\ny = "rootfs/*"', "src/x": "", "src/y": ""})
    link(project / "stack/repository", "..")
    link(project / "stack/rootfs", "/")

    copy = copied(project, "stack")

    assert copy == {"main.tf", "repository/src/x"}


def test_pipes_and_sockets_are_skipped(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, {"stack/main.tf": 'x = "../pipe"'})
    os.mkfifo(project / "pipe")
    os.mkfifo(project / "stack/pipe.tf")
    monkeypatch.chdir(project)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("stack/socket")

        copy = copied(project, "stack")

    assert copy == {"stack/main.tf"}


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder of a user who may not read each file: root may."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        user, is_root = os.getuid(), os.getuid() == 0
        if is_root:
            os.chown(name, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield Path(name)
        finally:
            os.setresuid(user, user, user)


def test_unreadable_files_are_skipped() -> None:
    with as_nobody() as project:
        write(project, {"main.tf": "", "secret": "", "volume/x": ""})
        (project / "secret").chmod(0)
        (project / "volume").chmod(0)

        files = find_configuration(project, project=project).files
        (project / "volume").chmod(0o755)

    assert list(files) == [Path("main.tf")]


@pytest.mark.parametrize("name", ["stack/main.tf", "secret", "modules", "stack"])
def test_error_names_the_unreadable_file(name: str) -> None:
    with as_nobody() as project:
        write(project, {"stack/main.tf": 'x = "../secret"\ny = "../modules"', "secret": "", "modules/main.tf": ""})
        (project / name).chmod(0)

        with pytest.raises(ConfigurationError) as failure:
            find_configuration(project / "stack", project=project)
        (project / name).chmod(0o755)

    assert str(failure.value) == (
        f"The Terraform configuration in {project / 'stack'} cannot be used: {project / name}: Permission denied. "
        f"{REMEDY}"
    )


def test_error_says_that_a_folder_has_no_terraform_file(project: Path) -> None:
    write(project, {"main.py": "", "stack/main.tf": "", "main.tfvars": "", "file": ""})
    messages = []

    for folder in (project, project / "missing", project / "file"):
        with pytest.raises(ConfigurationError) as failure:
            find_configuration(folder, project=project)
        messages.append(str(failure.value))

    assert messages == [
        f"The Terraform configuration in {folder} cannot be used: it has no *.tf.json or *.tf file. {REMEDY}"
        for folder in (project, project / "missing", project / "file")
    ]

"""The function's zip."""

import base64
import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from modules.processor import bundle
from terraform_harness.synthesis import Synthesis

PROJECT = Path(__file__).parents[4]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "parts").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "till.py").write_text("TOTAL = 1\n")
    (folder / "parts" / "coin.py").write_text("CENTS = 5\n")
    return folder


def test_the_zip_holds_the_package_under_its_name_in_order(package: Path, tmp_path: Path) -> None:
    built = bundle.build(package, tmp_path / "out" / "shop.zip")

    with zipfile.ZipFile(built.path) as archive:
        assert archive.namelist() == ["shop/__init__.py", "shop/parts/coin.py", "shop/till.py"]
        assert archive.read("shop/till.py") == b"TOTAL = 1\n"


def test_times_modes_and_leftovers_of_a_run_do_not_change_the_zip(package: Path, tmp_path: Path) -> None:
    first = bundle.build(package, tmp_path / "first.zip")
    os.utime(package / "till.py", (1, 1))
    (package / "till.py").chmod(0o600)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "till.pyc").write_bytes(b"x")

    second = bundle.build(package, tmp_path / "second.zip")

    assert first.path.read_bytes() == second.path.read_bytes()


def test_the_digest_is_what_lambda_computes_of_the_zip(package: Path, tmp_path: Path) -> None:
    built = bundle.build(package, tmp_path / "shop.zip")

    assert base64.b64decode(built.sha256_base64) == hashlib.sha256(built.path.read_bytes()).digest()


def test_lambda_may_read_every_file(package: Path, tmp_path: Path) -> None:
    built = bundle.build(package, tmp_path / "shop.zip")

    with zipfile.ZipFile(built.path) as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_the_pipelines_bundle_is_the_function_alone(syntheses: Mapping[str, Synthesis]) -> None:
    synthesis = syntheses["default"]
    function = synthesis.template().only("aws_lambda_function")

    with zipfile.ZipFile(synthesis.stack_folder() / function["filename"]) as archive:
        names = archive.namelist()

    source = PROJECT / "lambda_src" / "transaction_processor"
    assert sorted(names) == sorted(f"transaction_processor/{path.relative_to(source)}" for path in source.rglob("*.py"))


def test_every_combination_of_settings_has_the_same_zip(syntheses: Mapping[str, Synthesis]) -> None:
    digests = {each.template().only("aws_lambda_function")["source_code_hash"] for each in syntheses.values()}

    assert len(digests) == 1

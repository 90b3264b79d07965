"""The function's zip file."""

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


def test_zip_holds_the_package_under_its_name_in_order(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "shop.zip"

    bundle.build(package, target)

    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["shop/__init__.py", "shop/parts/coin.py", "shop/till.py"]
        assert archive.read("shop/till.py") == b"TOTAL = 1\n"


def test_times_modes_and_caches_do_not_change_the_zip(package: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    bundle.build(package, first)
    os.utime(package / "till.py", (1, 1))
    (package / "till.py").chmod(0o600)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "till.pyc").write_bytes(b"x")

    bundle.build(package, second)

    assert first.read_bytes() == second.read_bytes()


def test_digest_is_the_sha256_of_the_zip(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "shop.zip"

    digest = bundle.build(package, target)

    assert base64.b64decode(digest) == hashlib.sha256(target.read_bytes()).digest()


def test_lambda_can_read_every_file(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "shop.zip"

    bundle.build(package, target)

    with zipfile.ZipFile(target) as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_bundle_of_the_pipeline_is_the_function_alone(syntheses: Mapping[str, Synthesis]) -> None:
    synthesis = syntheses["default"]
    function = synthesis.template().only("aws_lambda_function")

    with zipfile.ZipFile(synthesis.stack_folder() / function["filename"]) as archive:
        names = archive.namelist()

    source = PROJECT / "lambda_src" / "transaction_processor"
    assert sorted(names) == sorted(f"transaction_processor/{path.relative_to(source)}" for path in source.rglob("*.py"))


def test_settings_do_not_change_the_zip(syntheses: Mapping[str, Synthesis]) -> None:
    digests = {each.template().only("aws_lambda_function")["source_code_hash"] for each in syntheses.values()}

    assert len(digests) == 1

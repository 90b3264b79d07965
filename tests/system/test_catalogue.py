"""The catalogue of names has the limits of the installed botocore."""

import importlib.metadata
import json
from pathlib import Path

import pytest

from terraform_guardrails.data import load
from tools.catalogue import names


def test_the_limits_are_those_of_the_installed_botocore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "TARGET", tmp_path / "names.json")

    names.main()

    assert json.loads(names.TARGET.read_text()) == load("resource_names.json")
    assert importlib.metadata.version("botocore") in load("resource_names.json")["source"]

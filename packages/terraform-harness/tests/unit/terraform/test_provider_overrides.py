"""Each AWS provider block that exists is overridden, in JSON and in HCL, and no other one."""

import json
from pathlib import Path
from typing import Any

import pytest

from terraform_harness.terraform.errors import ConfigurationError
from terraform_harness.terraform.provider_overrides import provider_overrides

ENDPOINTS: dict[str, Any] = {"endpoints": [{}]}
ACCOUNTS = {"allowed_account_ids": ["111111111111"]}
HCL = """
provider "aws" {
  region = "us-east-1"
  endpoints {
    sqs = "http://localhost:4566"
  }
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

provider "random" {}
"""


def written(folder: Path, configuration: object) -> Path:
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    return folder


@pytest.mark.parametrize(
    ("configuration", "overridden"),
    [
        ({}, {}),
        ({"resource": {"aws_sqs_queue": {"q": {}}}}, {}),
        ({"provider": {"random": {}}}, {}),
        ({"provider": {"aws": {}}}, {"aws": [ENDPOINTS]}),
        ({"provider": {"aws": [{"alias": "west"}]}}, {"aws": [{"alias": "west", **ENDPOINTS}]}),
        ({"provider": [{"aws": {}}, {"random": {}}]}, {"aws": [ENDPOINTS]}),
        (
            {
                "terraform": {"required_providers": {"amazon": {"source": "registry.terraform.io/hashicorp/aws"}}},
                "provider": {"amazon": {}},
            },
            {"amazon": [ENDPOINTS]},
        ),
    ],
    ids=["nothing", "no block", "another provider", "default", "alias", "list of objects", "another local name"],
)
def test_blocks_in_json(tmp_path: Path, configuration: object, overridden: dict[str, Any]) -> None:
    overrides = provider_overrides(written(tmp_path, configuration), ENDPOINTS)

    assert overrides.get("provider", {}) == overridden


def test_blocks_in_hcl(tmp_path: Path) -> None:
    (tmp_path / "providers.tf").write_text(HCL)

    overrides = provider_overrides(tmp_path, ENDPOINTS)

    assert list(overrides["provider"]) == ["aws"]
    assert sorted(overrides["provider"]["aws"], key=len) == [ENDPOINTS, {"alias": "west", **ENDPOINTS}]


@pytest.mark.parametrize("name", ["allowed_account_ids", "forbidden_account_ids"])
def test_provider_that_limits_its_accounts_is_not_limited_again(tmp_path: Path, name: str) -> None:
    configuration = {"provider": {"aws": [{name: ["2"]}, {"alias": "west"}]}}

    overrides = provider_overrides(written(tmp_path, configuration), ACCOUNTS)

    assert overrides == {"provider": {"aws": [{"alias": "west", **ACCOUNTS}]}}


def test_hcl_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "providers.tf").write_text('provider "aws" {')

    with pytest.raises(ConfigurationError) as refused:
        provider_overrides(tmp_path, ENDPOINTS)

    assert str(refused.value) == (
        f"The Terraform configuration in {tmp_path} cannot be used: the provider blocks in providers.tf cannot be "
        "read. Check the file with 'terraform validate', or write its provider blocks as *.tf.json."
    )


def test_files_without_provider_blocks_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {')
    (tmp_path / "broken.tf.json").write_text("{")

    assert provider_overrides(tmp_path, ENDPOINTS) == {}

"""The Terraform configuration to deploy: a bucket."""

import json
from pathlib import Path

import pytest

from terraform_harness import Run


@pytest.fixture(scope="session")
def terraform_configuration(terraform_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the configuration. Names end in the suffix of the run, and tags identify the run."""
    bucket = {"bucket": f"example-{terraform_run.suffix}", "force_destroy": True}
    configuration = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
        "provider": {"aws": {"region": "us-east-1", "default_tags": {"tags": terraform_run.tags}}},
        "resource": {"aws_s3_bucket": {"it": bucket}},
        "output": {"bucket": {"value": "${aws_s3_bucket.it.bucket}"}},
    }
    folder = tmp_path_factory.mktemp("infra")
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    return folder

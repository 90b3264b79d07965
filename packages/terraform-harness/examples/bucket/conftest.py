"""The smallest project that uses the harness: one line brings it, one fixture says what to deploy."""

import json
from pathlib import Path

import pytest

from terraform_harness.deployments.run import Run


@pytest.fixture(scope="session")
def terraform_configuration(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bucket in plain Terraform JSON; its name ends in the run's suffix and its tags name the run."""
    folder = tmp_path_factory.mktemp("configuration")
    bucket = {"bucket": f"example-{run.suffix}", "force_destroy": True}
    configuration = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
        "provider": {"aws": {"region": "us-east-1", "default_tags": {"tags": run.tags}}},
        "resource": {"aws_s3_bucket": {"it": bucket}},
        "output": {"bucket": {"value": "${aws_s3_bucket.it.bucket}"}},
    }
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    return folder

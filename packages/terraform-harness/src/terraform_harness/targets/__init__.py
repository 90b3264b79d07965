"""Where a configuration is deployed: an AWS account or a LocalStack."""

"""Targets of a deployment: an AWS account, or a LocalStack."""

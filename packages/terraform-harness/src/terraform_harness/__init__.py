"""Deploys Terraform to a target and proves it: the pytest plugin and the embedded LocalStack."""

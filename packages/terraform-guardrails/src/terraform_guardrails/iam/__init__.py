"""Reads IAM policies of a Terraform configuration and decides which actions they grant."""

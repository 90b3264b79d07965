"""Reads Terraform JSON, plans and states into one model."""

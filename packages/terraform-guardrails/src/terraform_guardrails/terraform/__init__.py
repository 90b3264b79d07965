"""Reads Terraform JSON and plans."""

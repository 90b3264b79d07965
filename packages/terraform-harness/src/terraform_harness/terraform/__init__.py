"""Runs Terraform on a copy of a configuration, with a state of its own."""

"""Reads plans and states: the output of `terraform show -json`."""

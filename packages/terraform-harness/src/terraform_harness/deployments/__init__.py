"""Deploys a configuration, tears it down and deletes leftover resources."""

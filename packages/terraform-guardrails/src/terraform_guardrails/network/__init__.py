"""Reads the network of a function."""

"""Reads IAM policies and decides what they grant."""

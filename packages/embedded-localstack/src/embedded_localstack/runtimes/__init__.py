"""Runs Lambda functions as subprocesses, with Amazon's runtime client and the Lambda Runtime API."""

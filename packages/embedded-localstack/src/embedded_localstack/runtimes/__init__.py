"""Lambda functions as subprocesses: Amazon's runtime client over the Lambda Runtime API."""

"""Runs the pipeline end to end on an embedded LocalStack and accounts for every record."""

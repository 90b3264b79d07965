"""Stores the transactions of a Kinesis stream in a DynamoDB ledger, each exactly once."""

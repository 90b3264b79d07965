"""Commands of the operator: send a file of transactions, and replay quarantined records."""

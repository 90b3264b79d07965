"""The stream, the ledger, the quarantine bucket, its queue, and the key that encrypts them."""

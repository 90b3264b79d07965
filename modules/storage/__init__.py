"""The key, the stream, the ledger and the quarantine."""

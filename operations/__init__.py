"""What an operator runs: send, replay, cost."""

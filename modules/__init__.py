"""The pipeline as CDKTF constructs; imports neither the harness nor the guardrails."""

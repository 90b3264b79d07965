"""Builds the catalogues of the guardrails from published packages: `python -m tools catalogue`."""

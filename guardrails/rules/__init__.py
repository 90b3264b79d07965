"""The rules, one a file; `docs/rules.md` shows an example, the reason and the cure for each."""

from guardrails.rules import account_singleton, dependency_cycle, key_policy_principal

__all__ = ["RULES"]

RULES = (account_singleton.RULE, dependency_cycle.RULE, key_policy_principal.RULE)

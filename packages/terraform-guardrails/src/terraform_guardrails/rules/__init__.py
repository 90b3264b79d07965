"""All rules, one file for each. `docs/rules.md` describes them."""

from terraform_guardrails.rules import (
    account_singleton,
    alarm_delivery,
    alarm_metric,
    alarm_subscription,
    dependency_cycle,
    ephemeral_protection,
    key_policy_principal,
    network_path,
    resource_name,
    role_permissions,
)

__all__ = ["RULES"]

RULES = (
    account_singleton.RULE,
    alarm_delivery.RULE,
    alarm_metric.RULE,
    alarm_subscription.RULE,
    dependency_cycle.RULE,
    ephemeral_protection.RULE,
    key_policy_principal.RULE,
    network_path.RULE,
    resource_name.RULE,
    role_permissions.RULE,
)

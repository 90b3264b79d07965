"""The pipeline as CDKTF constructs.

Read `stack.py` first: it wires all constructs. A construct takes keyword arguments, and its results are attributes.

    settings, combinations, errors   the settings of a deployment
    naming, arns, account, iam       names and tags, ARNs, the AWS account, IAM documents and roles
    storage/                         key, stream, ledger, quarantine, dead_letter
    processor/                       function, role, bundle, event_source
    network/                         vpc, gateway_endpoints, interface_endpoints, security_groups, flow_logs
    monitoring/                      alarms, topic, health, dashboard
    checkov_suppressions             accepted findings of checkov, each with its reason
    lazy_provider                    makes a synthesis take seconds instead of half a minute
"""

from modules import lazy_provider

__all__: list[str] = []

lazy_provider.register()

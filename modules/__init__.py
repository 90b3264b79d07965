"""The pipeline as CDKTF constructs.

Read `stack.py` first: it wires all parts, in the order in which a record meets them. Every part is one file with a
config (what the caller decides), a construct, and outputs (what its neighbours may use).

    settings, combinations, errors      what an operator decides
    naming, place, policy               names and tags; account and Region; IAM documents
    key                                 encrypts everything
    stream, event_source, function,     the way of a record ...
    bundle, role
    ledger, quarantine, dead_letter     ... and the places where it can end
    network: vpc, gateway_endpoints,    how the function reaches AWS, and nothing else
    interface_endpoints, endpoint_policy,
    security_groups, flow_logs
    monitoring: alarms, alarm,          what says that something is wrong
    alarm_topic, health, dashboard
    posture                             accepted findings of checkov, each with its reason
    lazy_provider                       why a synthesis takes seconds and not half a minute
"""

from modules import lazy_provider

__all__: list[str] = []

lazy_provider.register()

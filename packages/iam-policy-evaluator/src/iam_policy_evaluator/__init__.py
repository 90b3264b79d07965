"""Decides one AWS request: policies in, a verdict and the deciding statement out."""

from iam_policy_evaluator.decision import Decision, PolicyKind, Verdict
from iam_policy_evaluator.errors import GrantError, IamPolicyEvaluatorError, PolicyError
from iam_policy_evaluator.evaluation import evaluate
from iam_policy_evaluator.grants import Grant, parse_grant
from iam_policy_evaluator.matching import matches, matches_action, matches_arn, matches_resource
from iam_policy_evaluator.parsing import parse_policy
from iam_policy_evaluator.policy import Endpoint, Policy
from iam_policy_evaluator.request import Principal, Request
from iam_policy_evaluator.statement import Condition, Effect, Statement, covers_action

__all__ = [
    "Condition",
    "Decision",
    "Effect",
    "Endpoint",
    "Grant",
    "GrantError",
    "IamPolicyEvaluatorError",
    "Policy",
    "PolicyError",
    "PolicyKind",
    "Principal",
    "Request",
    "Statement",
    "Verdict",
    "covers_action",
    "evaluate",
    "matches",
    "matches_action",
    "matches_arn",
    "matches_resource",
    "parse_grant",
    "parse_policy",
]

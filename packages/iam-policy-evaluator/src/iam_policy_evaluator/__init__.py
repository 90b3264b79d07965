"""Decides one AWS request: policies in, a verdict and the deciding statement out."""

from iam_policy_evaluator.decision import Decision, Verdict
from iam_policy_evaluator.errors import IamPolicyEvaluatorError, PolicyError
from iam_policy_evaluator.evaluation import evaluate
from iam_policy_evaluator.matching import matches, matches_action, matches_arn, matches_resource
from iam_policy_evaluator.parsing import parse_policy
from iam_policy_evaluator.policy import Condition, Effect, Policy, Statement
from iam_policy_evaluator.request import Principal, Request
from iam_policy_evaluator.statements import covers_action

__all__ = [
    "Condition",
    "Decision",
    "Effect",
    "IamPolicyEvaluatorError",
    "Policy",
    "PolicyError",
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
    "parse_policy",
]

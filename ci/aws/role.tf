# The role of the nightly workflow. One environment of one repository can assume it.

# An account has at most one provider for a URL. This configuration reads it, and does not create or destroy it.
data "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [data.aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["${var.subject_prefix}:environment:${var.environment}"]
    }

    # A subject with an environment does not contain the branch. GitHub creates a missing environment without rules.
    # aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:ref"
      values   = ["refs/heads/main"]
    }
  }
}

resource "aws_iam_role" "nightly" {
  name               = "transaction-pipeline-nightly"
  description        = "Deploys, tests and destroys the transaction pipeline with suffixes that start with t-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  # The session is not renewed, so it lasts as long as the job may take.
  max_session_duration = 21600
}

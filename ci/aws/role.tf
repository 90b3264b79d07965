# The role that the nightly workflow assumes: for one repository, through one environment.

# An account has one provider for a URL: this configuration uses it and never creates or destroys it.
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

    # A subject with an environment does not name the branch, and an environment that nobody made has no rules.
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
  description        = "Deploys, tests and destroys the transaction pipeline under suffixes that begin with t-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  # As long as the workflow's job may take, which is not renewed on its way.
  max_session_duration = 21600
}

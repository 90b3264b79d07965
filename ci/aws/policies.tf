# The policies of the nightly role, and the boundary of the roles that it creates. The documents are in policies/.

locals {
  boundary = "transaction-pipeline-nightly-boundary"

  placeholders = {
    partition = data.aws_partition.current.partition
    account   = data.aws_caller_identity.current.account_id
    region    = var.region
    boundary  = local.boundary
  }
}

resource "aws_iam_policy" "boundary" {
  name        = local.boundary
  description = "The maximum permissions of a role of a nightly deployment"
  policy      = templatefile("${path.module}/policies/boundary.json", local.placeholders)
}

# AWS limits a policy to 6,144 characters, so each subject has its own.
resource "aws_iam_policy" "nightly" {
  for_each = toset(["compute", "data", "network", "roles"])

  name        = "transaction-pipeline-nightly-${each.key}"
  description = "Permissions of the nightly run of the transaction pipeline: ${each.key}"
  policy      = templatefile("${path.module}/policies/${each.key}.json", local.placeholders)
}

resource "aws_iam_role_policy_attachment" "nightly" {
  for_each = aws_iam_policy.nightly

  role       = aws_iam_role.nightly.name
  policy_arn = each.value.arn
}

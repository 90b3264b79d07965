# What the role may do, and what the roles that it creates may do at most. The documents are plain JSON in policies/.

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
  description = "The most that a role of a nightly deployment can do, whatever its own policy says"
  policy      = templatefile("${path.module}/policies/boundary.json", local.placeholders)
}

# One policy has room for 6,144 characters, so there is one for each subject.
resource "aws_iam_policy" "nightly" {
  for_each = toset(["compute", "data", "network", "roles"])

  name        = "transaction-pipeline-nightly-${each.key}"
  description = "What the nightly run of the transaction pipeline needs: ${each.key}"
  policy      = templatefile("${path.module}/policies/${each.key}.json", local.placeholders)
}

resource "aws_iam_role_policy_attachment" "nightly" {
  for_each = aws_iam_policy.nightly

  role       = aws_iam_role.nightly.name
  policy_arn = each.value.arn
}

# Each output is the value of the repository variable of its name in capitals.

output "nightly_role_arn" {
  description = "The role to assume."
  value       = aws_iam_role.nightly.arn
}

output "nightly_boundary" {
  description = "The name of the boundary without which the role can create no role."
  value       = aws_iam_policy.boundary.name
}

output "nightly_accounts" {
  description = "The only account that the harness may deploy to."
  value       = data.aws_caller_identity.current.account_id
}

output "nightly_region" {
  description = "The Region that it deploys to."
  value       = var.region
}

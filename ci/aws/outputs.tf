# Each output is the value of a repository variable. The variable has the same name in capitals.

output "nightly_role_arn" {
  description = "The ARN of the role that the workflow assumes."
  value       = aws_iam_role.nightly.arn
}

output "nightly_boundary" {
  description = "The name of the permissions boundary that every role of a test must have."
  value       = aws_iam_policy.boundary.name
}

output "nightly_accounts" {
  description = "The only account to which the harness may deploy."
  value       = data.aws_caller_identity.current.account_id
}

output "nightly_region" {
  description = "The Region of the deployments."
  value       = var.region
}

# The subject of a repository created, renamed or moved since 15 July 2026 contains the ids of owner and repository:
# docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
variable "subject_prefix" {
  description = "Start of the subject in GitHub's tokens: repo:OWNER@ID/NAME@ID, or repo:OWNER/NAME for an older repository. It identifies the repository that can assume the role."
  type        = string

  validation {
    condition     = can(regex("^repo:[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$", var.subject_prefix))
    error_message = "subject_prefix must be repo:OWNER@ID/NAME@ID or repo:OWNER/NAME, without wildcards."
  }
}

variable "environment" {
  description = "The GitHub environment of the workflow's job."
  type        = string
  default     = "nightly-aws"
}

variable "region" {
  description = "The only Region in which the role has permissions."
  type        = string
}

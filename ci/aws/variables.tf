# A repository that was made, renamed or moved since 15 July 2026 has the ids of owner and repository in its subject:
# docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
variable "subject_prefix" {
  description = "How GitHub's tokens begin to name the one repository whose nightly workflow assumes the role: repo:OWNER@ID/NAME@ID, or repo:OWNER/NAME for an older one."
  type        = string

  validation {
    condition     = can(regex("^repo:[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$", var.subject_prefix))
    error_message = "The subject's prefix must be repo:OWNER@ID/NAME@ID or repo:OWNER/NAME, without wildcards."
  }
}

variable "environment" {
  description = "The GitHub environment that the workflow's job runs in."
  type        = string
  default     = "nightly-aws"
}

variable "region" {
  description = "The only Region in which the role may do anything."
  type        = string
}

variable "repository" {
  description = "The GitHub repository whose nightly workflow assumes the role, as OWNER/NAME."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "The repository must be OWNER/NAME, without wildcards."
  }
}

variable "environment" {
  description = "The GitHub environment that the workflow's job runs in; its branch rule decides whose code it is."
  type        = string
  default     = "nightly-aws"
}

variable "region" {
  description = "The only Region in which the role may do anything."
  type        = string
}

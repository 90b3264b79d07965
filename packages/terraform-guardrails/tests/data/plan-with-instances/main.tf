# Functions in modules and resources with for_each and count, each with a role of its own: the roles of "beta" and
# "a.b[\"c\"]" (in module.reversed of "alpha", with count of the second) lack logs:PutLogEvents.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

locals {
  complete = ["logs:CreateLogStream", "logs:PutLogEvents"]
  lacking  = ["logs:CreateLogStream"]
  allowed  = { alpha = local.complete, beta = local.lacking, "a.b[\"c\"]" = local.lacking }
  names    = { alpha = "alpha", beta = "beta", "a.b[\"c\"]" = "quoted" }
  choice   = { alpha = "beta", beta = "alpha" }
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

# The role and the functions are in modules of the module.
module "worker" {
  source   = "./worker"
  for_each = local.allowed
  name     = "worker-${local.names[each.key]}"
  actions  = each.value
}

module "reversed" {
  source   = "./worker"
  for_each = { alpha = local.lacking, beta = local.complete }
  name     = "reversed-${each.key}"
  actions  = each.value
}

# The role is passed as a variable.
resource "aws_iam_role" "given" {
  for_each           = local.allowed
  name               = "given-${local.names[each.key]}"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "given" {
  for_each = local.allowed
  role     = aws_iam_role.given[each.key].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = each.value, Resource = "*" }]
  })
}

module "given" {
  source   = "./function"
  for_each = local.allowed
  name     = "given-${local.names[each.key]}"
  role_arn = aws_iam_role.given[each.key].arn
}

# The role is an output of another module.
module "role" {
  source   = "./role"
  for_each = local.allowed
  name     = "role-${local.names[each.key]}"
  actions  = each.value
}

module "wired" {
  source   = "./function"
  for_each = local.allowed
  name     = "wired-${local.names[each.key]}"
  role_arn = module.role[each.key].arn
}

module "explicit" {
  source   = "./function"
  name     = "explicit"
  role_arn = module.role["a.b[\"c\"]"].arn
}

resource "aws_iam_role" "counted" {
  count              = 2
  name               = "counted-${count.index}"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "counted" {
  count = 2
  role  = aws_iam_role.counted[count.index].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = count.index == 0 ? local.complete : local.lacking, Resource = "*" }]
  })
}

resource "aws_lambda_function" "counted" {
  count         = 2
  function_name = "counted-${count.index}"
  role          = aws_iam_role.counted[count.index].arn
  filename      = "function.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}

# A plan does not state the local value that chooses.
resource "aws_lambda_function" "undecided" {
  for_each      = local.choice
  function_name = "undecided-${each.key}"
  role          = aws_iam_role.given[local.choice[each.key]].arn
  filename      = "function.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}

variable "name" { type = string }
variable "role_arn" { type = string }

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = var.role_arn
  filename      = "function.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}

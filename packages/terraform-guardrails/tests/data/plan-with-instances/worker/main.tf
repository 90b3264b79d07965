variable "name" { type = string }
variable "actions" { type = list(string) }

module "role" {
  source  = "../role"
  name    = var.name
  actions = var.actions
}

module "function" {
  source   = "../function"
  for_each = toset(["live", "test"])
  name     = "${var.name}-${each.key}"
  role_arn = module.role.arn
}

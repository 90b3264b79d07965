"""The VPC, its endpoints, security groups and flow logs."""

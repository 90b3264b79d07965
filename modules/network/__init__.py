"""The VPC, its endpoints and security groups."""

"""Follows the network path from a Lambda function in a VPC to an AWS service."""

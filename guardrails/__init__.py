"""Rules over Terraform JSON: finds what will not deploy, or will not work, before it is deployed."""

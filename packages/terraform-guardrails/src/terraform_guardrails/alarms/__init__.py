"""Reads the parts of CloudWatch alarms: composite rules, metric math and custom metrics."""

"""Reads alarms and the metrics that AWS publishes."""

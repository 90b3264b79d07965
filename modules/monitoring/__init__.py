"""The alarms, their topic and the dashboard."""

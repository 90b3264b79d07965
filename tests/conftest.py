"""One line brings the harness; pytester runs sessions of pytest within a test."""

pytest_plugins = ["harness.plugin", "pytester"]

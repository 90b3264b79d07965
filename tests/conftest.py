"""One line brings the harness; the rest keeps a developer's shell out of the tests."""

pytest_plugins = ["harness.plugin"]

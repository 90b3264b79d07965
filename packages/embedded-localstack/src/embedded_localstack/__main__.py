"""The command `embedded-localstack`, as `python -m embedded_localstack`."""

from embedded_localstack.cli import run

if __name__ == "__main__":
    run()

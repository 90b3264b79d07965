"""Errors of the demo: what happened, where, and what to do next."""

import pytest

from demo.errors import DemoError, FunctionDidNotFailError, UnaccountedError


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            FunctionDidNotFailError(function="processor-demo", payload='{"ok": true}'),
            (
                'Function processor-demo accepted an event that is not a Kinesis batch and returned {"ok": true}, '
                "so its error alarm cannot go to ALARM. Make the function raise an error for such events."
            ),
        ),
        (
            UnaccountedError(records=["tx-1", "record 495"], log_group="/aws/lambda/processor-demo"),
            (
                "2 sent records are neither in the ledger nor in quarantine: tx-1, record 495. "
                "Run the demo with --keep and read log group /aws/lambda/processor-demo."
            ),
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, DemoError) else "",
)
def test_message(error: DemoError, message: str) -> None:
    assert str(error) == message

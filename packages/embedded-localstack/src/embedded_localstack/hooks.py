"""What LocalStack loads from this package, through its entry points, when it is started by it."""

import os

from localstack.runtime.hooks import on_infra_start
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin

from embedded_localstack import settings

# Another LocalStack of this virtual environment stays as it is.
when_started_by_us = on_infra_start(should_load=lambda: settings.RUN_DIRECTORY in os.environ)


class ProcessRuntimeExecutorPlugin(RuntimeExecutorPlugin):  # type: ignore[misc]  # LocalStack has no types
    """``LAMBDA_RUNTIME_EXECUTOR=process``: a function is a subprocess, not a container."""

    name = "process"

    def load(self) -> type:
        """Return the executor class."""
        from embedded_localstack.runtimes.executor import ProcessRuntimeExecutor  # noqa: PLC0415  (only when chosen)

        return ProcessRuntimeExecutor


@when_started_by_us  # type: ignore[untyped-decorator]  # LocalStack has no types
def use_locked_emulators() -> None:
    """Start DynamoDB Local and Kinesis from the locked npm packages, never from a download."""
    from embedded_localstack.emulators import use_dynamodb_local, use_kinesis_local  # noqa: PLC0415  (loads services)

    use_dynamodb_local()
    use_kinesis_local()


@when_started_by_us  # type: ignore[untyped-decorator]  # LocalStack has no types
def refuse_what_cannot_run() -> None:
    """Refuse functions that a subprocess of this Python cannot run when they are created, not when they are invoked."""
    from localstack.aws.handlers import serve_custom_service_request_handlers  # noqa: PLC0415  (loads the gateway)

    from embedded_localstack.runtimes.unsupported_features import refuse_unsupported  # noqa: PLC0415  (the same)

    serve_custom_service_request_handlers.append(refuse_unsupported)


@when_started_by_us  # type: ignore[untyped-decorator]  # LocalStack has no types
def offer_faults() -> None:
    """Let tests make calls fail."""
    from localstack.aws.handlers import serve_custom_service_request_handlers  # noqa: PLC0415  (loads the gateway)
    from localstack.services.edge import ROUTER  # noqa: PLC0415  (the same)

    from embedded_localstack.faults import control, embedded  # noqa: PLC0415  (the same)

    ROUTER.add(control.PATH, embedded.control, methods=["GET", "PUT"])
    serve_custom_service_request_handlers.append(embedded.maybe_fail)


@when_started_by_us  # type: ignore[untyped-decorator]  # LocalStack has no types
def record_calls() -> None:
    """Let tests read which calls functions have made."""
    from localstack.aws.handlers import serve_custom_service_request_handlers  # noqa: PLC0415  (loads the gateway)
    from localstack.services.edge import ROUTER  # noqa: PLC0415  (the same)

    from embedded_localstack.call_log import embedded, recorded  # noqa: PLC0415  (the same)

    ROUTER.add(recorded.PATH, embedded.show, methods=["GET"])
    # Before all others: a call that is made to fail was made all the same.
    serve_custom_service_request_handlers.handlers.insert(0, embedded.note)

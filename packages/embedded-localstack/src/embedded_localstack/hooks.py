"""The extensions that LocalStack loads from the entry points of this package."""

import os

from localstack.runtime.hooks import on_infra_start
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin

from embedded_localstack import settings

# Another LocalStack in the same virtual environment does not load them.
when_embedded = on_infra_start(should_load=lambda: settings.RUN_DIRECTORY in os.environ)


class ProcessRuntimeExecutorPlugin(RuntimeExecutorPlugin):  # type: ignore[misc]  # LocalStack has no types
    """The executor of ``LAMBDA_RUNTIME_EXECUTOR=process``, which runs functions as subprocesses."""

    name = "process"

    def load(self) -> type:
        """Return the executor class."""
        from embedded_localstack.runtimes.executor import ProcessRuntimeExecutor  # noqa: PLC0415  (only when selected)

        return ProcessRuntimeExecutor


@when_embedded  # type: ignore[untyped-decorator]  # LocalStack has no types
def use_npm_packages() -> None:
    """Run DynamoDB Local and the Kinesis emulator from the npm packages, without a download."""
    from embedded_localstack.emulators import use_dynamodb_local, use_kinesis_local  # noqa: PLC0415  (loads services)

    use_dynamodb_local()
    use_kinesis_local()


@when_embedded  # type: ignore[untyped-decorator]  # LocalStack has no types
def refuse_unsupported_functions() -> None:
    """Refuse functions that a subprocess cannot run when they are created, not when they are invoked."""
    from localstack.aws.handlers import serve_custom_service_request_handlers  # noqa: PLC0415  (loads the gateway)

    from embedded_localstack.runtimes.unsupported_features import refuse_unsupported  # noqa: PLC0415  (the same)

    serve_custom_service_request_handlers.append(refuse_unsupported)


@when_embedded  # type: ignore[untyped-decorator]  # LocalStack has no types
def keep_stream_positions() -> None:
    """Make a changed event source mapping continue where it stopped."""
    from embedded_localstack.stream_position import keep_positions  # noqa: PLC0415  (loads the Lambda service)

    keep_positions()


@when_embedded  # type: ignore[untyped-decorator]  # LocalStack has no types
def inject_faults() -> None:
    """Inject faults into API calls."""
    from localstack.aws.handlers import serve_custom_service_request_handlers  # noqa: PLC0415  (loads the gateway)
    from localstack.services.edge import ROUTER  # noqa: PLC0415  (the same)

    from embedded_localstack.faults import control, embedded  # noqa: PLC0415  (the same)

    ROUTER.add(control.PATH, embedded.serve, methods=["GET", "PUT"])
    serve_custom_service_request_handlers.append(embedded.inject_fault)


@when_embedded  # type: ignore[untyped-decorator]  # LocalStack has no types
def record_calls() -> None:
    """Record the API calls of functions."""
    from localstack.aws.handlers import serve_custom_service_request_handlers  # noqa: PLC0415  (loads the gateway)
    from localstack.services.edge import ROUTER  # noqa: PLC0415  (the same)

    from embedded_localstack.call_log import embedded, recorded_call  # noqa: PLC0415  (the same)

    ROUTER.add(recorded_call.PATH, embedded.serve, methods=["GET"])
    # This handler is the first one, so that it also records calls that fail by a fault.
    serve_custom_service_request_handlers.handlers.insert(0, embedded.record)

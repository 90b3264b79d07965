"""Responses of functions that succeed, fail, time out, crash or return too much."""

import pytest

from localstack_support.functions import Functions

_INVOKE = "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"
_ERRORS = "https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html"
_LIFECYCLE = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"
_LIMITS = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_TROUBLE = "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"
_MEMORY = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"
_DEPLOYMENT = "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html"
_HANDLER = "https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html"


@pytest.mark.documented(_HANDLER)
def test_result_is_returned_as_json(functions: Functions) -> None:
    function = functions.create(
        """
        def handle(event, context):
            return {"got": event, "unicode": "ä€𐍈"}
        """
    )

    response = functions.invoke(function, {"n": 1.5})

    assert response.payload == {"got": {"n": 1.5}, "unicode": "ä€𐍈"}
    assert response.error is None


@pytest.mark.documented(_ERRORS)
def test_exception_is_returned_with_type_message_and_stack_trace(functions: Functions) -> None:
    function = functions.create(
        """
        def handle(event, context):
            raise ValueError("bad value")
        """
    )

    response = functions.invoke(function)

    assert response.error == "Unhandled"
    trace = response.payload.pop("stackTrace")
    assert response.payload == {
        "errorMessage": "bad value",
        "errorType": "ValueError",
        "requestId": response.request_id,
    }
    assert trace[-1].endswith('main.py", line 3, in handle\n    raise ValueError("bad value")\n')


@pytest.mark.documented(_LIFECYCLE)
def test_invocation_succeeds_after_a_timeout(functions: Functions) -> None:
    function = functions.create(
        """
        import time

        def handle(event, context):
            time.sleep(event)
            return "done"
        """,
        Timeout=1,
    )

    slow, fast = functions.invoke(function, 30), functions.invoke(function, 0)

    assert slow.error == "Unhandled"
    assert slow.payload == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {slow.request_id} Error: Task timed out after 1.00 seconds",
    }
    assert slow.log.rstrip().endswith("\tStatus: timeout")
    assert fast.payload == "done"


@pytest.mark.documented(_LIFECYCLE)
@pytest.mark.parametrize(
    ("crash", "reason"),
    [
        pytest.param("os._exit(0)", "Runtime exited without providing a reason", id="exit code 0"),
        pytest.param("os._exit(7)", "Runtime exited with error: exit status 7", id="exit code 7"),
        pytest.param("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed", id="SIGKILL"),
        pytest.param(
            "__import__('ctypes').string_at(0)",
            "Runtime exited with error: signal: segmentation fault",
            id="segmentation fault",
        ),
    ],
)
def test_crash_is_an_exit_error_and_the_next_invocation_succeeds(functions: Functions, crash: str, reason: str) -> None:
    function = functions.create(
        f"""
        import os

        def handle(event, context):
            print("before the crash")
            return {crash} if event else "fine"
        """
    )

    crashed, fine = functions.invoke(function, 1), functions.invoke(function, 0)

    assert crashed.error == "Unhandled"
    assert crashed.payload == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {crashed.request_id} Error: {reason}",
    }
    assert "before the crash\n" in crashed.log
    assert crashed.log.rstrip().endswith("\tStatus: error\tError Type: Runtime.ExitError")
    assert fine.payload == "fine"


@pytest.mark.documented(_MEMORY)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return len(bytearray(event << 20))", id="one allocation"),
        pytest.param("return len([bytearray(1 << 20) for _ in range(event)])", id="many allocations"),
    ],
)
def test_function_that_exceeds_its_memory_is_killed(functions: Functions, body: str) -> None:
    function = functions.create(f"def handle(event, context):\n    {body}\n", MemorySize=128, Timeout=20)

    greedy, modest = functions.invoke(function, 300), functions.invoke(function, 10)

    assert greedy.payload == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {greedy.request_id} Error: Runtime exited with error: signal: killed",
    }
    assert modest.error is None


@pytest.mark.documented(_LIFECYCLE)
def test_import_error_is_returned_by_the_invocation(functions: Functions) -> None:
    function = functions.create("import no_such_module\n\ndef handle(event, context):\n    return 1\n")

    response = functions.invoke(function)

    assert response.error == "Unhandled"
    assert response.payload["errorType"] == "Runtime.ImportModuleError"
    assert response.payload["errorMessage"] == "Unable to import module 'main': No module named 'no_such_module'"
    assert "\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n" in response.log


@pytest.mark.documented(_LIFECYCLE)
def test_exit_during_initialisation_is_an_exit_error(functions: Functions) -> None:
    function = functions.create("import os\nos._exit(4)\n")

    response = functions.invoke(function)

    assert response.payload == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {response.request_id} Error: Runtime exited with error: exit status 4",
    }


@pytest.mark.documented(_DEPLOYMENT)
@pytest.mark.parametrize(
    ("handler", "error_type", "message"),
    [
        pytest.param(
            "main.absent", "Runtime.HandlerNotFound", "Handler 'absent' missing on module 'main'", id="missing function"
        ),
        pytest.param(
            "absent.handle",
            "Runtime.ImportModuleError",
            "Unable to import module 'absent': No module named 'absent'",
            id="missing module",
        ),
        pytest.param(
            "main",
            "Runtime.MalformedHandlerName",
            "Bad handler 'main': not enough values to unpack (expected 2, got 1)",
            id="name without a dot",
        ),
    ],
)
def test_missing_handler_is_named_in_the_error(
    functions: Functions, handler: str, error_type: str, message: str
) -> None:
    function = functions.create("def handle(event, context):\n    return 1\n", Handler=handler)

    response = functions.invoke(function)

    assert response.error == "Unhandled"
    assert (response.payload["errorType"], response.payload["errorMessage"]) == (error_type, message)


@pytest.mark.documented(_HANDLER)
def test_result_that_is_not_json_is_a_marshal_error(functions: Functions) -> None:
    function = functions.create("def handle(event, context):\n    return {1, 2}\n")

    response = functions.invoke(function)

    assert response.error == "Unhandled"
    assert response.payload["errorType"] == "Runtime.MarshalError"
    assert response.payload["errorMessage"] == (
        "Unable to marshal response: Object of type set is not JSON serializable"
    )


@pytest.mark.documented(_LIMITS)
def test_result_over_six_megabytes_is_an_error(functions: Functions) -> None:
    function = functions.create("def handle(event, context):\n    return 'x' * event\n", MemorySize=512)

    large, largest, small = (
        functions.invoke(function, 6_291_556),
        functions.invoke(function, 6_291_554),
        functions.invoke(function, 1),
    )

    assert large.error == "Unhandled"
    assert large.payload == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
    assert len(largest.payload) == 6_291_554
    assert small.payload == "x"


@pytest.mark.documented(_INVOKE)
def test_context_has_the_request_the_function_and_the_deadline(functions: Functions) -> None:
    function = functions.create(
        """
        import os

        def handle(event, context):
            return {
                "request": context.aws_request_id,
                "arn": context.invoked_function_arn,
                "name": context.function_name,
                "memory": context.memory_limit_in_mb,
                "left": context.get_remaining_time_in_millis(),
                "trace": os.environ["_X_AMZN_TRACE_ID"],
            }
        """,
        Timeout=20,
        MemorySize=256,
    )

    response = functions.invoke(function)

    left, trace = response.payload.pop("left"), response.payload.pop("trace")
    assert response.payload == {
        "request": response.request_id,
        "arn": f"arn:aws:lambda:us-east-1:000000000000:function:{function}",
        "name": function,
        "memory": "256",
    }
    assert 19_000 < left <= 20_000
    assert trace.startswith("Root=1-")
    assert {part.split("=")[0] for part in trace.split(";")} == {"Root", "Parent", "Sampled"}

"""What a caller gets from a function that works, fails, hangs, crashes or says too much."""

from collections.abc import Callable
from typing import Any

import pytest

_INVOKE = "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"
_ERRORS = "https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html"
_LIFECYCLE = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"
_LIMITS = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_TROUBLE = "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"
_MEMORY = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"
_DEPLOYMENT = "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html"
_HANDLER = "https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html"


@pytest.mark.documented(_HANDLER)
def test_a_result_comes_back_as_json(make_function: Callable[..., str], invoke: Callable[..., Any]) -> None:
    function = make_function(
        """
        def handle(event, context):
            return {"got": event, "unicode": "ä€𐍈"}
        """
    )

    answer = invoke(function, {"n": 1.5})

    assert answer.payload == {"got": {"n": 1.5}, "unicode": "ä€𐍈"}
    assert answer.error is None


@pytest.mark.documented(_ERRORS)
def test_an_exception_comes_back_with_type_message_and_stack_trace(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        """
        def handle(event, context):
            raise ValueError("bad value")
        """
    )

    answer = invoke(function)

    assert answer.error == "Unhandled"
    trace = answer.payload.pop("stackTrace")
    assert answer.payload == {
        "errorMessage": "bad value",
        "errorType": "ValueError",
        "requestId": answer.request_id,
    }
    assert trace[-1].endswith('main.py", line 3, in handle\n    raise ValueError("bad value")\n')


@pytest.mark.documented(_LIFECYCLE)
def test_a_function_that_takes_too_long_is_killed_and_the_next_invocation_works(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        """
        import time

        def handle(event, context):
            time.sleep(event)
            return "done"
        """,
        Timeout=1,
    )

    late, prompt = invoke(function, 30), invoke(function, 0)

    assert late.error == "Unhandled"
    assert late.payload == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {late.request_id} Error: Task timed out after 1.00 seconds",
    }
    assert late.log.rstrip().endswith("\tStatus: timeout")
    assert prompt.payload == "done"


@pytest.mark.documented(_LIFECYCLE)
@pytest.mark.parametrize(
    ("crash", "reason"),
    [
        pytest.param("os._exit(0)", "Runtime exited without providing a reason", id="an exit without an error"),
        pytest.param("os._exit(7)", "Runtime exited with error: exit status 7", id="an exit code"),
        pytest.param("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed", id="a kill"),
        pytest.param(
            "__import__('ctypes').string_at(0)",
            "Runtime exited with error: signal: segmentation fault",
            id="a bad access to memory",
        ),
    ],
)
def test_a_crash_is_an_exit_error_and_the_next_invocation_works(
    make_function: Callable[..., str], invoke: Callable[..., Any], crash: str, reason: str
) -> None:
    function = make_function(
        f"""
        import os

        def handle(event, context):
            print("before the crash")
            return {crash} if event else "fine"
        """
    )

    crashed, fine = invoke(function, 1), invoke(function, 0)

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
        pytest.param("return len(bytearray(event << 20))", id="at once"),
        pytest.param("return len([bytearray(1 << 20) for _ in range(event)])", id="bit by bit"),
    ],
)
def test_a_function_that_takes_more_memory_than_it_has_is_killed(
    make_function: Callable[..., str], invoke: Callable[..., Any], body: str
) -> None:
    function = make_function(f"def handle(event, context):\n    {body}\n", MemorySize=128, Timeout=20)

    greedy, modest = invoke(function, 300), invoke(function, 10)

    assert greedy.payload == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {greedy.request_id} Error: Runtime exited with error: signal: killed",
    }
    assert modest.error is None


@pytest.mark.documented(_LIFECYCLE)
def test_a_module_that_fails_to_load_is_an_error_of_the_invocation(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function("import no_such_module\n\ndef handle(event, context):\n    return 1\n")

    answer = invoke(function)

    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "Runtime.ImportModuleError"
    assert answer.payload["errorMessage"] == "Unable to import module 'main': No module named 'no_such_module'"
    assert "\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n" in answer.log


@pytest.mark.documented(_LIFECYCLE)
def test_an_exit_while_loading_is_an_exit_error(make_function: Callable[..., str], invoke: Callable[..., Any]) -> None:
    function = make_function("import os\nos._exit(4)\n")

    answer = invoke(function)

    assert answer.payload == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {answer.request_id} Error: Runtime exited with error: exit status 4",
    }


@pytest.mark.documented(_DEPLOYMENT)
@pytest.mark.parametrize(
    ("handler", "error_type", "message"),
    [
        pytest.param(
            "main.absent", "Runtime.HandlerNotFound", "Handler 'absent' missing on module 'main'", id="no such function"
        ),
        pytest.param(
            "absent.handle",
            "Runtime.ImportModuleError",
            "Unable to import module 'absent': No module named 'absent'",
            id="no such module",
        ),
        pytest.param(
            "main",
            "Runtime.MalformedHandlerName",
            "Bad handler 'main': not enough values to unpack (expected 2, got 1)",
            id="no dot",
        ),
    ],
)
def test_a_handler_that_is_not_there_is_named(
    make_function: Callable[..., str], invoke: Callable[..., Any], handler: str, error_type: str, message: str
) -> None:
    function = make_function("def handle(event, context):\n    return 1\n", Handler=handler)

    answer = invoke(function)

    assert answer.error == "Unhandled"
    assert (answer.payload["errorType"], answer.payload["errorMessage"]) == (error_type, message)


@pytest.mark.documented(_HANDLER)
def test_a_result_that_is_not_json_is_a_marshal_error(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function("def handle(event, context):\n    return {1, 2}\n")

    answer = invoke(function)

    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "Runtime.MarshalError"
    assert answer.payload["errorMessage"] == ("Unable to marshal response: Object of type set is not JSON serializable")


@pytest.mark.documented(_LIMITS)
def test_a_result_over_six_megabytes_is_refused_and_the_next_invocation_works(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function("def handle(event, context):\n    return 'x' * event\n", MemorySize=512)

    large, largest, small = invoke(function, 6_291_556), invoke(function, 6_291_554), invoke(function, 1)

    assert large.error == "Unhandled"
    assert large.payload == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
    assert len(largest.payload) == 6_291_554
    assert small.payload == "x"


@pytest.mark.documented(_INVOKE)
def test_context_names_the_request_and_the_function_and_knows_the_deadline(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
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

    answer = invoke(function)

    left, trace = answer.payload.pop("left"), answer.payload.pop("trace")
    assert answer.payload == {
        "request": answer.request_id,
        "arn": f"arn:aws:lambda:us-east-1:000000000000:function:{function}",
        "name": function,
        "memory": "256",
    }
    assert 19_000 < left <= 20_000
    assert trace.startswith("Root=1-")
    assert {part.split("=")[0] for part in trace.split(";")} == {"Root", "Parent", "Sampled"}

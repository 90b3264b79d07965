"""The first file that runs in a function process: limits, then Amazon's runtime client.

It runs outside this package, with no other of its modules in reach, because the function must not see them.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable

# Reserved but hardly touched memory (stacks of threads, arenas of the allocator) counts for this limit, not on AWS.
_ALLOWANCE_MEGABYTES = 64


def _limit_memory() -> None:
    megabytes = int(os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]) + _ALLOWANCE_MEGABYTES
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _killed_when_out_of_memory[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """AWS kills a process that is out of memory; Python would raise an exception that the function may catch."""

    def guarded(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return action(*arguments, **named)
        except MemoryError:
            os.kill(os.getpid(), signal.SIGKILL)
            raise

    return guarded


def _main() -> None:
    _limit_memory()
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    from awslambdaric import bootstrap  # noqa: PLC0415  (after the limit, as part of what it limits)
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient  # noqa: PLC0415  (the same)

    load_handler = _killed_when_out_of_memory(bootstrap._get_handler)  # noqa: SLF001  (it offers no other place)
    bootstrap._get_handler = lambda name: _killed_when_out_of_memory(load_handler(name))  # noqa: SLF001  (the same)
    bootstrap.run(os.environ["_HANDLER"], LambdaRuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"]))


_main()

"""The main program of a function process: it sets limits and runs Amazon's runtime client.

It cannot import other modules of this package, because the function must not see them.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable

# The kernel counts memory that is reserved but not used (thread stacks, allocator arenas); AWS does not.
_ALLOWANCE_MEGABYTES = 64


def _limit_memory() -> None:
    megabytes = int(os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]) + _ALLOWANCE_MEGABYTES
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _kill_when_out_of_memory[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """Kill the process on MemoryError, as AWS does: the function could catch the exception."""

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
    from awslambdaric import bootstrap  # noqa: PLC0415  (after the limit, so that it counts)
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient  # noqa: PLC0415  (the same)

    load_handler = _kill_when_out_of_memory(bootstrap._get_handler)  # noqa: SLF001  (it has no public hook)
    bootstrap._get_handler = lambda name: _kill_when_out_of_memory(load_handler(name))  # noqa: SLF001  (the same)
    bootstrap.run(os.environ["_HANDLER"], LambdaRuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"]))


_main()

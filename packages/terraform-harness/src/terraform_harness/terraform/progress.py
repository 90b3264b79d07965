"""Reads the progress and the errors from the machine-readable output of Terraform.

Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A resource that was created, changed or destroyed."""

    action: str
    address: str
    done: int
    total: int


@dataclass(slots=True)
class ProgressReader:
    """Reads the output of a command line by line.

    Attributes:
        on_progress: Called for each finished resource.
        errors: The error messages so far.
    """

    on_progress: Callable[[Progress], None]
    errors: list[str] = field(default_factory=list)
    _done: int = 0
    _total: int = 0

    def read(self, line: str) -> None:
        """Read one line; lines that are not JSON are ignored."""
        if not line.startswith("{"):
            return
        event: dict[str, Any] = json.loads(line)
        match event.get("type"):
            case "planned_change":
                self._total += 1
            case "apply_complete" if (hook := event["hook"])["action"] != "read":
                self._done += 1
                address = hook["resource"]["addr"]
                self.on_progress(Progress(action=hook["action"], address=address, done=self._done, total=self._total))
            case "diagnostic" if (diagnostic := event["diagnostic"])["severity"] == "error":
                parts = [diagnostic.get("address", ""), diagnostic["summary"], diagnostic.get("detail", "")]
                self.errors.append("\n".join(filter(None, parts)))

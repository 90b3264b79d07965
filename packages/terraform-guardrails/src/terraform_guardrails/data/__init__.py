"""The catalogues that the rules read; `tools/catalogue` of the repository builds them."""

import json
from pathlib import Path
from typing import Any


def load(name: str) -> Any:  # noqa: ANN401 - JSON, whose form each caller knows
    """The content of one catalogue."""
    return json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))

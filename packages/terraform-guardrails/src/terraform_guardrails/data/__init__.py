"""Loads the catalogues of facts about AWS. `tools/catalogue` in the repository builds the generated ones."""

import json
from pathlib import Path
from typing import Any


def load(name: str) -> Any:  # noqa: ANN401 - JSON; each caller knows its structure
    """Return the content of a catalogue."""
    return json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))

"""docs/settings.md, written from the settings themselves: `python -m tools.settings_page`."""

from pathlib import Path

from modules.combinations import COMBINATIONS
from modules.settings import Settings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"

_INTRODUCTION = """\
# Settings

`python main.py`, `cdktf deploy` and the harness read them from the environment. A value that is not allowed stops them
with one line that names the variable, the value and what is allowed. This page is generated from
`modules/settings.py` by `python -m tools.settings_page`; a test keeps it current.
"""


def render() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *_table(), "", *_combinations(), ""])


def _table() -> list[str]:
    rows = [
        f"| `{name.upper()}` | {_default(field.default)} | {field.title} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return ["| variable | default | allowed | what it decides |", "| --- | --- | --- | --- |", *rows]


def _default(value: object) -> str:
    match value:
        case None:
            return "unset"
        case bool():
            return f"`{str(value).lower()}`"
        case tuple():
            return f"`{','.join(value)}`"
        case _:
            return f"`{value}`"


def _combinations() -> list[str]:
    rows = [
        f"| {name} | {' '.join(f'`{variable}={value}`' for variable, value in settings.items()) or 'nothing set'} |"
        for name, settings in COMBINATIONS.items()
    ]
    return [
        "## Combinations",
        "",
        "Each is asserted by the tests, validated by Terraform and scanned by checkov. [costs.md](costs.md) prices it.",
        "",
        "| combination | settings |",
        "| --- | --- |",
        *rows,
    ]


if __name__ == "__main__":
    PAGE.write_text(render())

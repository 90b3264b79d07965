"""Writes docs/settings.md from the settings themselves: `python -m tools settings-page`."""

from modules.combinations import COMBINATIONS
from modules.settings import Settings
from tools.project import PROJECT

PAGE = PROJECT / "docs" / "settings.md"

_INTRODUCTION = """\
# Settings

`python main.py`, `cdktf deploy` and the harness read the settings from the environment. An invalid value stops them
with one line that names the variable, the value and the allowed values. This page is generated from
`modules/settings/` by `python -m tools settings-page`. A test fails if it is out of date.
"""


def write() -> None:
    """Write docs/settings.md."""
    PAGE.write_text(render())


def render() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *_table(), "", *_combinations(), ""])


def _table() -> list[str]:
    rows = [
        f"| `{name.upper()}` | {_default(field.default)} | {field.title} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return ["| variable | default | allowed | meaning |", "| --- | --- | --- | --- |", *rows]


def _default(value: object) -> str:
    match value:
        case None:
            return "unset"
        case bool():
            return f"`{str(value).lower()}`"
        case ():
            return "empty"
        case tuple():
            return f"`{','.join(value)}`"
        case _:
            return f"`{value}`"


def _combinations() -> list[str]:
    rows = [
        f"| {name} | {' '.join(f'`{variable}={value}`' for variable, value in settings.items()) or 'none'} |"
        for name, settings in COMBINATIONS.items()
    ]
    return [
        "## Combinations",
        "",
        "The tests assert each combination, Terraform validates it and checkov scans it. [costs.md](costs.md) has its",
        "price.",
        "",
        "| combination | settings |",
        "| --- | --- |",
        *rows,
    ]

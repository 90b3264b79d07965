"""The prose check on the command line: `python -m tools.prose [PATHS]`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tools.prose.checking import allow_list, files, findings, judge

PROJECT = Path(__file__).parents[2]
ALLOW_LIST = Path(__file__).parent / "allowed.toml"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def prose(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders. [default: the whole project]")] = None,
) -> None:
    """Check docs, docstrings, comments, messages and test names for habits that plain English avoids."""
    problems = check(paths or [PROJECT])
    for problem in problems:
        typer.echo(problem)
    if problems:
        them = (
            "1 problem. Reword it, or add it"
            if len(problems) == 1
            else f"{len(problems)} problems. Reword them, or add them"
        )
        typer.echo(f"{them} to {ALLOW_LIST.relative_to(PROJECT)} with a reason.", err=True)
        raise typer.Exit(1)


def check(paths: Sequence[Path]) -> list[str]:
    """Return a line for each problem in files and folders."""
    read = [file for path in paths for file in (files(path.resolve()) if path.is_dir() else [path.resolve()])]
    allowed = allow_list(ALLOW_LIST)
    checked = {file.relative_to(PROJECT).as_posix() for file in read}
    if PROJECT in paths:
        # Entries for files that were removed are out of date too.
        checked |= {entry.path for entry in allowed}
    return list(judge(findings(read, PROJECT), allowed, checked))


if __name__ == "__main__":
    app(prog_name="python -m tools.prose")

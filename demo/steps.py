"""Shows the steps of the demo: a live line on a terminal, plain lines in a log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

# A log without a new line for longer looks stuck.
_PLAIN_EVERY_SECONDS = 2.0

type ShowProgress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Steps:
    """The steps on a console, with their times."""

    console: Console
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[ShowProgress]:
        """Time a step; yield a function that shows a detail, a count and the total (0 if unknown)."""
        started = time.monotonic()
        shown = self._live(title) if self.console.is_terminal else self._plain(title)
        try:
            with shown as show_progress:
                yield show_progress
        finally:
            self.seconds[name] = round(time.monotonic() - started, 2)
        self.console.print(f"[green]✓[/] {title} [dim]{self.seconds[name]:.1f} s[/]", highlight=False)

    @contextmanager
    def _live(self, title: str) -> Iterator[ShowProgress]:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[detail]}"),
        )
        with Progress(*columns, console=self.console, transient=True) as progress:
            task = progress.add_task(title, total=None, detail="")

            def show(detail: str, done: int, total: int) -> None:
                progress.update(task, detail=detail, completed=done, total=total or None)

            yield show

    @contextmanager
    def _plain(self, title: str) -> Iterator[ShowProgress]:
        self.console.print(f"- {title}", highlight=False)
        last = time.monotonic()

        def show(detail: str, done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= _PLAIN_EVERY_SECONDS:
                last = time.monotonic()
                count = f"{done} of {total} " if total else ""
                self.console.print(f"    {count}{detail}".rstrip(), highlight=False, markup=False, soft_wrap=True)

        yield show

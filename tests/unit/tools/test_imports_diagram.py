"""The diagram of the imports in docs/architecture.md."""

from pathlib import Path

import pytest

from tools import imports_diagram
from tools.errors import MarkersError


def test_page_is_current() -> None:
    assert imports_diagram.PAGE.read_text() == imports_diagram.updated(imports_diagram.PAGE)


def test_diagram_has_one_arrow_for_each_pair() -> None:
    assert imports_diagram.draw([("main.py", "modules"), ("demo", "operations")]) == (
        "```mermaid\nflowchart TD\n    demo --> operations\n    main.py --> modules\n```\n"
    )


def test_imports_inside_functions_and_type_checks_count(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        "import one.two\nif TYPE_CHECKING:\n    from three.four import x\ndef f():\n    import five as six\n"
    )

    assert imports_diagram.imported_by(file) == {"one", "three", "five"}


def test_text_around_the_diagram_is_kept(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Head\n\n{imports_diagram.BEGIN}\nold\n{imports_diagram.END}\n\nTail.\n")

    text = imports_diagram.updated(page)

    assert text.startswith(f"# Head\n\n{imports_diagram.BEGIN}\n```mermaid\n")
    assert text.endswith(f"```\n{imports_diagram.END}\n\nTail.\n")


def test_page_without_markers_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Head\n")

    with pytest.raises(MarkersError) as raised:
        imports_diagram.updated(page)

    assert str(raised.value) == (
        f"Cannot update {page}: it lacks the lines '{imports_diagram.BEGIN}' and '{imports_diagram.END}'. "
        "Add both to the page."
    )

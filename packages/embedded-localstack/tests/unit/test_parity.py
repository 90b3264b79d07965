from pathlib import Path

from embedded_localstack.parity import DIFFERENCES, page

_PROJECT = Path(__file__).parents[2]


def test_page_is_up_to_date() -> None:
    assert (_PROJECT / "docs" / "parity.md").read_text() == page(DIFFERENCES)

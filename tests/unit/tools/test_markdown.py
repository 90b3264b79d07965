"""Paragraphs and tables of the generated pages."""

from tools.markdown import paragraph, table


def test_paragraph_has_lines_of_120_characters() -> None:
    assert paragraph("a" * 60, "b" * 59, "c") == f"{'a' * 60} {'b' * 59}\nc"


def test_numbers_are_right_aligned() -> None:
    assert table(["US dollars", "default"], [["key", "1.00"], ["shards", ""]]) == [
        "| US dollars | default |",
        "| --- | ---: |",
        "| key | 1.00 |",
        "| shards |  |",
    ]


def test_columns_of_text_have_no_alignment() -> None:
    assert table(["item", "price"], [["key", "$1"]], numbers=False) == [
        "| item | price |",
        "| --- | --- |",
        "| key | $1 |",
    ]

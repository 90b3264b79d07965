"""The page about the settings."""

from tools import settings_page


def test_page_is_current() -> None:
    assert settings_page.PAGE.read_text() == settings_page.render()

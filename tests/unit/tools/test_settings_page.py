"""The page about the settings."""

from modules.settings import Settings
from tools import settings_page


def test_the_page_is_current() -> None:
    assert settings_page.PAGE.read_text() == settings_page.render()


def test_the_page_has_every_setting() -> None:
    page = settings_page.PAGE.read_text()

    assert [name for name in Settings.model_fields if f"| `{name.upper()}` |" not in page] == []

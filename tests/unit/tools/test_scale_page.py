"""The page about scale."""

from operations.quotas import QUOTAS
from tools import scale_page


def test_page_is_current() -> None:
    assert scale_page.PAGE.read_text() == scale_page.render()


def test_every_quota_is_on_the_page() -> None:
    page = scale_page.render()

    assert [name for name, quota in QUOTAS.items() if quota.source not in page] == []

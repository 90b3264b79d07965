"""AWS list prices of us-east-1 in US dollars, each with its source."""

from dataclasses import dataclass

HOURS_A_MONTH = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of one unit; `source` is the page or data set, with its date."""

    dollars: float
    unit: str
    source: str


_INFRACOST = "infracost price tests, 2024"
_PRICING_PAGE = "AWS pricing page, read by third parties in 2026"

PRICES = {
    "shard": Price(dollars=0.015, unit="shard-hour", source=_INFRACOST),
    "shard, extended retention": Price(dollars=0.02, unit="shard-hour", source=_INFRACOST),
    "on-demand stream": Price(dollars=0.04, unit="stream-hour", source=_INFRACOST),
    "stream put": Price(dollars=0.014, unit="million PUT units of 25 KB", source=_INFRACOST),
    "on-demand stream in": Price(dollars=0.08, unit="GB", source=_INFRACOST),
    "on-demand stream out": Price(dollars=0.04, unit="GB", source=_INFRACOST),
    "interface endpoint": Price(dollars=0.01, unit="zone-hour", source=_INFRACOST),
    "key": Price(dollars=1.0, unit="month", source=_INFRACOST),
    "alarm": Price(dollars=0.10, unit="metric-month", source=_INFRACOST),
    "composite alarm": Price(dollars=0.50, unit="month", source=_PRICING_PAGE),
    "custom metric": Price(dollars=0.30, unit="metric-month", source=_PRICING_PAGE),
    "dashboard": Price(dollars=3.0, unit="month", source=_INFRACOST),
    "lambda request": Price(dollars=0.20, unit="million", source=_INFRACOST),
    "lambda arm64": Price(dollars=0.0000133334, unit="GB-second", source=_INFRACOST),
    "lambda x86_64": Price(dollars=0.0000166667, unit="GB-second", source=_INFRACOST),
    "write": Price(dollars=0.625, unit="million write units of 1 KB", source="aws/agent-toolkit-for-aws, 2026-08-20"),
    "table storage": Price(dollars=0.25, unit="GB-month", source="aws/agent-toolkit-for-aws, 2026-08-20"),
    "point-in-time recovery": Price(dollars=0.20, unit="GB-month", source="infracost price tests, 2024"),
    "log": Price(dollars=0.50, unit="GB", source=_INFRACOST),
}

"""AWS list prices of us-east-1 in US dollars, each with its source."""

from dataclasses import dataclass

HOURS_A_MONTH = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of one unit; `source` is the page or data set, with its date."""

    dollars: float
    unit: str
    source: str


def _price_list(offer: str, date: str) -> str:
    return f"AWS Price List API, offer {offer} of {date}, quoted by a third party"


_DYNAMODB = _price_list("AmazonDynamoDB", "2026-09-11")
_LAMBDA = _price_list("AWSLambda", "2026-09-19")
_CLOUDWATCH = _price_list("AmazonCloudWatch", "2026-09-22")
_SHARDS = "awsnegotiations.com, May 2026"
_ON_DEMAND_STREAM = "infracost price tests, 2024, and price data of a third party from November 2025 or later"

PRICES = {
    "shard": Price(dollars=0.015, unit="shard-hour", source=_SHARDS),
    "shard, extended retention": Price(dollars=0.02, unit="shard-hour", source=_SHARDS),
    "on-demand stream": Price(dollars=0.04, unit="stream-hour", source=_ON_DEMAND_STREAM),
    "stream put": Price(dollars=0.014, unit="million PUT units of 25 KB", source=_SHARDS),
    "on-demand stream in": Price(dollars=0.08, unit="GB", source=_ON_DEMAND_STREAM),
    "on-demand stream out": Price(
        dollars=0.04, unit="GB", source="infracost price tests, 2024; not confirmed for 2026"
    ),
    "interface endpoint": Price(dollars=0.01, unit="zone-hour", source=_price_list("AmazonVPC", "2026-09-17")),
    "key": Price(dollars=1.0, unit="month", source=_price_list("awskms", "2026-09-11")),
    "alarm": Price(dollars=0.10, unit="metric-month", source=_CLOUDWATCH),
    "composite alarm": Price(
        dollars=0.50, unit="month", source="AWS pricing page, quoted by a third party without a date; not confirmed"
    ),
    "custom metric": Price(dollars=0.30, unit="metric-month", source=_CLOUDWATCH),
    "dashboard": Price(dollars=3.0, unit="month", source="factualminds.com, 2026-06-13"),
    "lambda request": Price(dollars=0.20, unit="million", source=_LAMBDA),
    "lambda arm64": Price(dollars=0.0000133334, unit="GB-second", source=_LAMBDA),
    "lambda x86_64": Price(dollars=0.0000166667, unit="GB-second", source=_LAMBDA),
    "write": Price(dollars=0.625, unit="million write units of 1 KB", source=_DYNAMODB),
    "provisioned write": Price(dollars=0.00065, unit="write unit-hour", source=_DYNAMODB),
    "provisioned read": Price(dollars=0.00013, unit="read unit-hour", source=_DYNAMODB),
    "table storage": Price(dollars=0.25, unit="GB-month", source=_DYNAMODB),
    "point-in-time recovery": Price(dollars=0.20, unit="GB-month", source=_DYNAMODB),
    "log": Price(dollars=0.50, unit="GB", source=_CLOUDWATCH),
}

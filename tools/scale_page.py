"""Writes docs/scale.md from the quotas and the computed capacity: `python -m tools scale-page`."""

from collections.abc import Callable, Mapping

from operations import capacity, cost
from operations.capacity import RATES
from operations.quotas import QUOTAS
from tools import scale_text
from tools.markdown import table
from tools.project import PROJECT

PAGE = PROJECT / "docs" / "scale.md"

_INTRODUCTION = """\
# Scale

This page computes what limits the pipeline at 1,000 to 1,000,000 records a second, from the default quotas of AWS.
Neither the rates nor the run time of the function have been measured on AWS: run a load test before you depend on them.
This page is generated from `operations/capacity.py` and `operations/quotas.py` by `python -m tools scale-page`. A test
fails if it is out of date.
"""

_NEEDS: Mapping[str, Callable[[int], float]] = {
    "shards of an account": capacity.shards,
    "on-demand stream": capacity.megabytes,
    "concurrency of an account": capacity.concurrency_quota,
    "new on-demand table": capacity.write_units,
    "writes to a table": capacity.write_units,
    "provisioned writes of an account": lambda rate: 2 * capacity.write_units(rate),
    "connections of a network interface": capacity.connections,
    "log calls of an account": capacity.invocations,
    "quarantined objects": int,
}


def write() -> None:
    """Write docs/scale.md."""
    PAGE.write_text(render())


def render() -> str:
    """Return the page."""
    sections = [
        _INTRODUCTION,
        "## Assumptions\n",
        scale_text.assumptions(),
        "\n## Arithmetic\n",
        *_arithmetic(),
        "\n## Quotas\n",
        scale_text.reading_quotas(),
        "",
        *_quotas(),
        "\n## Quota requests\n",
        *_requests(),
        "",
        scale_text.reading_requests(),
        "\n## One key\n",
        scale_text.one_key(),
        "\n## Settings\n",
        *_settings(),
        "",
        scale_text.reading_settings(),
        "",
        scale_text.warm_throughput(),
        "## After an outage\n",
        scale_text.outage(),
        "\n## Where this design ends\n",
        scale_text.end(),
        "",
    ]
    return "\n".join(sections)


def _by_rate(name: str, cell: Callable[[int], str]) -> list[str]:
    return [name, *map(cell, RATES)]


def _header(first: str) -> list[str]:
    return [first, *(f"{rate:,}/s" for rate in RATES)]


def _arithmetic() -> list[str]:
    percent = capacity.UTILIZATION_PERCENT
    size = capacity.batch_size()
    units = "write units/s of the table, and as many of the index"
    rows = [
        _by_rate("shards = rate / 1,000", lambda rate: f"{capacity.shards(rate, percent=100):,}"),
        _by_rate(f"shards at {percent}%", lambda rate: f"{capacity.shards(rate):,}"),
        _by_rate(f"invocations/s = rate / BATCH_SIZE {size}", lambda rate: f"{capacity.invocations(rate):,.0f}"),
        _by_rate(
            f"concurrent invocations on average = invocations/s x {capacity.invocation_seconds(size):g} s",
            lambda rate: f"{capacity.running(rate):,.1f}",
        ),
        _by_rate(
            f"maximum concurrent invocations = shards x PARALLELIZATION_FACTOR {capacity.parallelization_factor()}",
            lambda rate: f"{capacity.concurrency(rate):,}",
        ),
        _by_rate(f"{units} = rate", lambda rate: f"{capacity.write_units(rate, percent=100):,}"),
        _by_rate(f"{units}, at {percent}%", lambda rate: f"{capacity.write_units(rate):,}"),
        _by_rate("partitions of the table = rate / 1,000", lambda rate: f"{capacity.partitions(rate):,}"),
        _by_rate("writes in dollars a month, on demand", lambda rate: f"{cost.flat_writes_on_demand(rate):,.0f}"),
        _by_rate(
            f"writes in dollars a month, provisioned, at {percent}%",
            lambda rate: f"{cost.flat_writes_provisioned(rate):,.0f}",
        ),
    ]
    return table(_header("records"), rows)


def _requests() -> list[str]:
    rows = []
    for rate in RATES:
        requests = capacity.quota_requests(rate)
        values = [f"{name}: {value:,} {QUOTAS[name].unit}" for name, value in requests.items()]
        rows.append([f"{rate:,}/s", "; ".join(values) or "none"])
    return table(["records", "quotas to raise before the start"], rows, numbers=False)


def _quotas() -> list[str]:
    rows = []
    for name, need in _NEEDS.items():
        quota = QUOTAS[name]
        cells = [f"**{needed:,.0f}**" if needed > quota.default else f"{needed:,.0f}" for needed in map(need, RATES)]
        remarks = "; ".join(filter(None, ["adjustable" if quota.adjustable else "", quota.note]))
        rows.append([f"[{name}]({quota.source})", f"{quota.default:,} {quota.unit}", *cells, remarks])
    return table(["quota", "default", *_header("")[1:], "remarks"], rows, numbers=False)


def _settings() -> list[str]:
    default = QUOTAS["new on-demand table"].default
    warm = _by_rate(
        "warm throughput by AWS CLI, write units/s",
        lambda rate: f"{capacity.write_units(rate)}" if rate > default else "default",
    )
    rows = [
        *_setting_rows(capacity.settings, "`{}`", "unset"),
        warm,
        *_setting_rows(capacity.provisioned_ledger, "`{}`, if provisioned costs less", "not possible"),
    ]
    return table(_header("setting"), rows, numbers=False)


def _setting_rows(settings: Callable[[int], Mapping[str, str]], label: str, missing: str) -> list[list[str]]:
    columns = [settings(rate) for rate in RATES]
    names = dict.fromkeys(name for column in columns for name in column)
    return [[label.format(name), *(column.get(name, missing) for column in columns)] for name in names]

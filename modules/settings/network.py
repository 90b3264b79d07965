"""The settings of the VPC."""

from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode

from modules.settings.field_types import flag, split

type InterfaceEndpoint = Literal["kinesis-streams", "kms", "lambda", "logs"]

_LARGEST, _SMALLEST = 16, 26


def _private_range(text: str) -> str:
    try:
        network = IPv4Network(text)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise ValueError("not an IPv4 range") from None
    if not network.is_private or not _LARGEST <= network.prefixlen <= _SMALLEST:
        raise ValueError("not a private range of this size")
    return text


class NetworkSettings(BaseSettings):
    """The addresses of the VPC, its endpoints and its logs."""

    vpc_cidr: Annotated[str, AfterValidator(_private_range)] = Field(
        default="10.0.0.0/16",
        title=f"a private IPv4 range of /{_LARGEST} to /{_SMALLEST}, such as 10.0.0.0/16",
        description="Address range of the VPC. A change replaces the VPC.",
    )
    interface_endpoints: Annotated[tuple[InterfaceEndpoint, ...], NoDecode, BeforeValidator(split)] = Field(
        default=("kinesis-streams", "kms", "lambda", "logs"),
        title="a comma-separated list of kinesis-streams, kms, lambda and logs, which may be empty",
        description="Services with an interface endpoint in the VPC. The function itself needs none of them.",
    )
    flow_logs: bool = flag(default=True, description="Whether rejected connections in the VPC are logged.")

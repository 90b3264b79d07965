"""The settings of the environment: its name, its lifetime, its state, and the test run that deploys it."""

import re
from ipaddress import AddressValueError, IPv4Address
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_settings import BaseSettings

from modules.settings.field_types import flag

# A part of the suffix, between hyphens.
_PRODUCTION = re.compile(r"(prod|prd|production|live)\d*")


def _not_an_address(name: str | None) -> str | None:
    try:
        IPv4Address(name or "")
    except AddressValueError:
        return name
    raise ValueError("the name is an IP address")


class EnvironmentSettings(BaseSettings):
    """The settings of the environment as a whole."""

    environment_suffix: str = Field(
        default="dev",
        title="1 to 20 of a-z, 0-9 and '-', without '-' at either end",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$",
        description="Suffix of every physical name. Each suffix is a separate deployment.",
    )
    ephemeral: bool = flag(
        default=False,
        description="Whether `terraform destroy` may remove everything, the ledger included. If false, Terraform"
        " refuses to destroy or replace the ledger, the quarantine bucket, the key and the stream. DynamoDB refuses to"
        " delete the ledger, and AWS deletes a key 30 days after the request instead of 7. Not allowed if a part of the"
        " suffix is `prod`, `prd`, `production` or `live`.",
    )
    # docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    state_bucket: Annotated[str | None, AfterValidator(_not_an_address)] = Field(
        default=None,
        title="the name of an S3 bucket: 3 to 63 of a-z, 0-9, '-' and '.', with a letter or digit at either end",
        pattern=r"^[a-z0-9](\.?[a-z0-9-])*\.?[a-z0-9]$",
        min_length=3,
        max_length=63,
        description="S3 bucket for the Terraform state. Required unless EPHEMERAL or LOCAL_STATE is true.",
    )
    local_state: bool = flag(
        default=False,
        description="Whether the Terraform state is a file in this working copy although EPHEMERAL is false. If the"
        " file is lost, Terraform no longer knows what it deployed.",
    )
    run_id: str | None = Field(
        default=None,
        title="1 to 64 of letters, digits and '.', '_', '-'",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Id of the test run that deploys, for the tag RunId.",
    )
    expires_at: AwareDatetime | None = Field(
        default=None,
        title="an RFC 3339 time with an offset",
        description="Expiry of a test run, for the tag ExpiresAt. `terraform-harness sweep` then lists its resources.",
    )
    permissions_boundary: str | None = Field(
        default=None,
        title="the name of an IAM policy of the account, 1 to 128 of letters, digits and '+=,.@-_'",
        pattern=r"^[A-Za-z0-9+=,.@_-]{1,128}$",
        description="Permissions boundary of every role in the stack, for accounts that require one.",
    )

    @property
    def looks_like_production(self) -> bool:
        """Whether a part of the suffix is a usual name of production."""
        return any(_PRODUCTION.fullmatch(part) for part in self.environment_suffix.split("-"))

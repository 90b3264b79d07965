"""Reads the catalogue of resource types with a quota per account, Region, organization or VPC."""

from dataclasses import dataclass
from functools import cache

from terraform_guardrails.data import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Singleton:
    """One type: its quota per scope, and the effect of one more.

    The effect is `fails` (AWS rejects it), `overwrites` (it changes the existing one), `adopts` (Terraform takes over
    a default that AWS created) or `quota` (AWS allows a few).
    """

    scope: str
    quota: int
    effect: str
    detail: str
    source: str


@cache
def singletons() -> dict[str, Singleton]:
    """Return the catalogue by resource type."""
    return {type_: Singleton(**entry) for type_, entry in load("account_singletons.json").items()}

"""Reviews a plan before it is applied: it must not take over what existed before, nor reach another account."""

from collections.abc import Iterator

from terraform_harness.deployments.inventory import existing, key_of
from terraform_harness.deployments.run import Run
from terraform_harness.errors import AccountUnprovenError, RegionUnknownError, TakeoverError
from terraform_harness.targets.target import Target
from terraform_harness.terraform.planned import Planned
from terraform_harness.terraform.resource_types import NEVER_SHARED, with_log_group


def review(planned: Planned, run: Run, target: Target) -> None:
    """Refuse a plan that reaches what is not the run's, and record what an accepted one is about to create.

    Args:
        planned: The plan that would be applied.
        run: Its record gets the names, the Regions, and what existed before.
        target: Is asked for what exists, unless the run started it itself: nothing else was ever deployed there.

    Raises:
        RegionUnknownError: The Region of a provider configuration is not known, so what exists there is not either.
        AccountUnprovenError: On AWS, a provider may lead to another account than the shell's credentials do.
        TakeoverError: The apply would change or replace something that existed before, and destroy would delete it.
    """
    if target.account is not None:
        _check_accounts(planned, target)
    if not target.is_own:
        _check_regions(planned)
    regions = planned.regions(target.regions[0])
    there = target.in_regions(regions)
    creations = list(planned.creations(target.regions[0]))
    # A name may be known after apply only: then the next check of the state compares it with what existed.
    found = [] if target.is_own else existing(there, planned.kinds)
    # What the run itself created by an earlier apply is its own, also under a name that only that apply made known.
    before = {resource.key for resource in found} - run.created.names - planned.listed(regions)
    taken = [
        *_not_created(planned, target),
        *(
            f"{creation.address}: {creation.kind} {creation.name} exists in {region}"
            for creation in creations
            for region in creation.regions or regions
            if creation.kind not in NEVER_SHARED and key_of(creation.kind, creation.name, region) in before
        ),
    ]
    if taken:
        raise TakeoverError(taken=taken, place=target.place, suffix=run.suffix)
    names = {
        key_of(kind, name, region)
        for creation in creations
        for kind, name in with_log_group(creation.kind, creation.name)
        for region in creation.regions or regions
    }
    run.created.adding(names=names, existed=before, regions=regions).write(run.folder)
    run.reloaded().applying()


def _not_created(planned: Planned, target: Target) -> Iterator[str]:
    yield from (f"{address}: an import block names it" for address in planned.imported)
    if not target.is_own:
        yield from (f"{address}: it stands for an existing default resource" for address in planned.adopted)


def _check_regions(planned: Planned) -> None:
    for provider in planned.providers():
        if not provider.is_known:
            raise RegionUnknownError(provider=provider.key)


def _check_accounts(planned: Planned, target: Target) -> None:
    for provider in planned.providers():
        is_limited = provider.accounts and set(provider.accounts) <= target.allowed_accounts
        if provider.credentials and not is_limited:
            raise AccountUnprovenError(provider=provider.key, settings=provider.credentials)

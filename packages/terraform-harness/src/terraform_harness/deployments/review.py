"""Reviews a plan before it is applied: it must not take over existing resources or use another account."""

from collections.abc import Iterator

from terraform_harness.deployments.errors import AccountUnprovenError, RegionUnknownError, TakeoverError
from terraform_harness.deployments.inventory import existing
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.target import Target
from terraform_harness.terraform.resource_types import NEVER_SHARED, key_of, with_log_group
from terraform_harness.terraform.saved_plan import SavedPlan


def review(planned: SavedPlan, run: Run, target: Target) -> None:
    """Refuse a plan that could change what the run did not create; else record what it is about to create.

    Args:
        planned: The plan that would be applied.
        run: Its record gets the names, the Regions, and the resources that existed before.
        target: Lists the existing resources, unless the run started it and nothing else can be there.

    Raises:
        RegionUnknownError: The Region of a provider configuration is unknown, and so what exists there.
        AccountUnprovenError: On AWS, a provider may use another account than the shell's credentials do.
        TakeoverError: The apply would change or replace an existing resource, and destroy would delete it.
    """
    if target.account is not None:
        _check_accounts(planned, target)
    if not target.is_own:
        _check_regions(planned)
    store = RunStore.of(run)
    created = store.created(run)
    regions = planned.regions(target.regions[0])
    creations = list(planned.creations(target.regions[0]))
    # A name that is known after apply only is compared in the next check of the state.
    found = [] if target.is_own else existing(target.in_regions(regions), planned.kinds)
    # The run owns the resources of its earlier applies, also those with a name that was known after apply only.
    before = {resource.key for resource in found} - created.names - planned.names_before(regions)
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
    store.record(run, created.adding(names=names, existed=before, regions=regions))
    store.update(run, applied=True)


def _not_created(planned: SavedPlan, target: Target) -> Iterator[str]:
    yield from (f"{address}: an import block names it" for address in planned.imported)
    if not target.is_own:
        yield from (f"{address}: it stands for an existing default resource" for address in planned.adopted)


def _check_regions(planned: SavedPlan) -> None:
    for provider in planned.providers():
        if not provider.is_known:
            raise RegionUnknownError(provider=provider.key)


def _check_accounts(planned: SavedPlan, target: Target) -> None:
    for provider in planned.providers():
        is_limited = provider.accounts and set(provider.accounts) <= target.allowed_accounts
        if provider.credentials and not is_limited:
            raise AccountUnprovenError(provider=provider.key, settings=provider.credentials)

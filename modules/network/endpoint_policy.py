"""Endpoint policies: each allows only requests from this account to the pipeline's own resources."""

from collections.abc import Mapping, Sequence

from modules.iam import Statement, document


def endpoint_policies(resources_by_service: Mapping[str, Sequence[str]], *, account_id: str) -> dict[str, str]:
    """Return a policy for each service."""
    return {
        service: document(
            Statement(
                sid="OnlyOurResources",
                principal="*",
                actions=[f"{service.removesuffix('-streams')}:*"],
                resources=resources,
                conditions={"StringEquals": {"aws:PrincipalAccount": account_id}},
            )
        )
        for service, resources in resources_by_service.items()
    }

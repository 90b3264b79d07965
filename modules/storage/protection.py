"""Protection of the resources that hold data, and of the key that encrypts it."""

from collections.abc import Sequence

import cdktf


def kept_unless(
    ephemeral: bool,  # noqa: FBT001 - read in the call
    *,
    ignored_changes: Sequence[str] = (),
) -> cdktf.TerraformResourceLifecycle | None:
    """Return the lifecycle of such a resource: Terraform refuses to destroy or replace it, unless it is ephemeral."""
    if ephemeral and not ignored_changes:
        return None
    return cdktf.TerraformResourceLifecycle(
        prevent_destroy=None if ephemeral else True, ignore_changes=list(ignored_changes) or None
    )

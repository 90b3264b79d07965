"""Protection of the resources that hold data, or without which data cannot be read."""

import cdktf


def kept_unless(ephemeral: bool) -> cdktf.TerraformResourceLifecycle | None:  # noqa: FBT001 - read in the call
    """Return the lifecycle of such a resource: Terraform refuses to destroy or replace it, unless it is ephemeral."""
    return None if ephemeral else cdktf.TerraformResourceLifecycle(prevent_destroy=True)

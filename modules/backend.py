"""The backend of the Terraform state."""

import cdktf


def add_backend(stack: cdktf.TerraformStack, *, name: str, suffix: str, bucket: str | None) -> None:
    """Keep the state in a bucket, or in a local file if there is no bucket."""
    state = f"{name}-{suffix}.tfstate"
    if bucket is None:
        # A relative path. CDKTF's default would write a path of this machine into the artifact.
        cdktf.LocalBackend(stack, path=f"terraform.{state}")
    else:
        cdktf.S3Backend(stack, bucket=bucket, key=f"{name}/{state}", encrypt=True)
        # The lock is an object beside the state. CDKTF's S3Backend has no argument for it.
        stack.add_override("terraform.backend.s3.use_lockfile", value=True)

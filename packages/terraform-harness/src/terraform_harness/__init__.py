"""Deploys Terraform to LocalStack or AWS, tests it and destroys it: the names that tests use.

The patterns for assertions on Terraform JSON are in `terraform_harness.template`, reads of deployed services in
`terraform_harness.probes`. The plugin has the fixtures.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from terraform_harness.deployments.deployment import Deployment, deployed
    from terraform_harness.deployments.run import Run
    from terraform_harness.deployments.upgrade import upgraded
    from terraform_harness.errors import EventuallyError, HarnessError, SynthesisError
    from terraform_harness.polling import AWS_TRANSIENT, eventually
    from terraform_harness.synthesis import Synthesis, synthesize, synthesize_each
    from terraform_harness.targets.target import Target
    from terraform_harness.template import Template, TemplateError
    from terraform_harness.terraform.errors import TerraformError
    from terraform_harness.terraform.known_drift import LOCALSTACK_DRIFT, KnownDrift

__all__ = [
    "AWS_TRANSIENT",
    "LOCALSTACK_DRIFT",
    "Deployment",
    "EventuallyError",
    "HarnessError",
    "KnownDrift",
    "Run",
    "Synthesis",
    "SynthesisError",
    "Target",
    "Template",
    "TemplateError",
    "TerraformError",
    "deployed",
    "eventually",
    "synthesize",
    "synthesize_each",
    "upgraded",
]

# pytest loads the plugin, and so this package, in every session: a module is imported when a name of it is used.
_MODULES = {
    "deployments.deployment": ("Deployment", "deployed"),
    "deployments.run": ("Run",),
    "deployments.upgrade": ("upgraded",),
    "errors": ("EventuallyError", "HarnessError", "SynthesisError"),
    "polling": ("AWS_TRANSIENT", "eventually"),
    "synthesis": ("Synthesis", "synthesize", "synthesize_each"),
    "targets.target": ("Target",),
    "template": ("Template", "TemplateError"),
    "terraform.errors": ("TerraformError",),
    "terraform.known_drift": ("LOCALSTACK_DRIFT", "KnownDrift"),
}


def __getattr__(name: str) -> object:
    """Import the module of a public name."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

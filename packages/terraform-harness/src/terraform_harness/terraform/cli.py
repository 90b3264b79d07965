"""Runs terraform: init, validate, plan, apply, destroy and the commands that read a state."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from filelock import FileLock

from terraform_harness import processes
from terraform_harness.processes import Finished, noop
from terraform_harness.terraform.binary import find_terraform
from terraform_harness.terraform.errors import ProviderMissingError, TerraformError
from terraform_harness.terraform.lock_file import drop_checksums
from terraform_harness.terraform.own_state import OwnState
from terraform_harness.terraform.plan import Plan
from terraform_harness.terraform.progress import Progress, ProgressReader
from terraform_harness.terraform.providers import cli_configuration, mirror_candidates, required_providers
from terraform_harness.terraform.saved_plan import SavedPlan
from terraform_harness.terraform.state import addresses_in

_UNREACHABLE = re.compile(r"Failed to query available provider packages|Failed to install provider", re.IGNORECASE)
# The calls to an emulator wait for each other more than for the network. AWS accepts as many.
_PARALLELISM = "-parallelism=30"
# A terraform whose harness was killed keeps the lock of the state until it has finished.
_LOCK_TIMEOUT = "-lock-timeout=15m"
# The exit code of `plan -detailed-exitcode` if something would change.
_CHANGES = 2


class Terraform:
    """Runs terraform on one configuration, with a state of the run's own.

    Args:
        folder: A copy of a configuration; an override file in it replaces its backend.
        environment: The environment of terraform: PATH, credentials, `AWS_ENDPOINT_URL`.
        cache: Keeps downloaded provider plugins between runs, unless a local mirror has them.
        state_folder: Holds the state, the log and Terraform's data folder; by default `folder`.
        provider_settings: Override the settings of each AWS provider block.
        on_progress: Called for each resource that was created, changed or destroyed.
        check: Called while a command runs; an error stops the command, for example if the target is gone.
        review: Called with each plan before it is applied; an error refuses the plan.
    """

    def __init__(  # noqa: PLR0913 - the command, its place, and the callbacks
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        cache: Path,
        state_folder: Path | None = None,
        provider_settings: Mapping[str, Any] | None = None,
        on_progress: Callable[[Progress], None] = noop,
        check: Callable[[], None] = noop,
        review: Callable[[SavedPlan], None] = noop,
    ) -> None:
        self.folder = folder.resolve()
        self.on_progress = on_progress
        self._state_folder = (state_folder or folder).resolve()
        self._own = OwnState(
            configuration=self.folder, folder=self._state_folder, provider_settings=provider_settings or {}
        )
        self._check = check
        self._review = review
        self._cache = cache
        configuration = self._state_folder / "terraform.tfrc"
        configuration.write_text(cli_configuration(folder, cache.resolve(), environment))
        self._environment = {
            **self._own.environment(environment),
            "TF_CLI_CONFIG_FILE": str(configuration),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            # Terraform and its providers live for seconds: a lazy garbage collector saves a tenth of them.
            "GOGC": "400",
        }
        self._binary = find_terraform(self._environment)

    @property
    def log_file(self) -> Path:
        """The machine-readable output of each plan, apply and destroy."""
        return self._state_folder / "terraform.log"

    def init(self, *, upgrade: bool = False) -> None:
        """Install the providers; `upgrade` allows other versions than those of an earlier init.

        Raises:
            ProviderMissingError: No mirror has them, and the registry does not answer.
            ForeignStateError: The state is not the run's own.
            BackendError: The configuration overrides the backend of the run.
        """
        self._own.prepare()
        # Two processes must not write Terraform's plugin cache: https://github.com/hashicorp/terraform/issues/31964
        self._cache.mkdir(parents=True, exist_ok=True)
        with FileLock(self._cache / ".lock"):
            try:
                self._run("init", "-no-color", *(["-upgrade"] if upgrade else []))
            except TerraformError as error:
                if not _UNREACHABLE.search(error.message):
                    raise
                provider = ", ".join(f"{one.source} {one.version}" for one in required_providers(self.folder))
                searched = tuple(mirror_candidates(self._environment))
                raise ProviderMissingError(error, provider=provider, searched=searched) from None
        self._own.check_backend()
        drop_checksums(self.folder)

    def validate(self) -> None:
        """Check the configuration without a call to the target."""
        self._run("validate", "-no-color")

    def plan(self, *, refresh: bool = True, targets: Sequence[str] = ()) -> Plan:
        """Compare the configuration with the state and, with `refresh`, the target; `targets` limits the addresses.

        Nothing is locked, since nothing is changed: several plans may run at the same time.
        """
        with NamedTemporaryFile(dir=self._state_folder, suffix=".tfplan") as file:
            options = [f"-refresh={str(refresh).lower()}", *_targeting(targets), f"-out={file.name}"]
            arguments = ["-no-color", "-lock=false", "-detailed-exitcode", _PARALLELISM, *options]
            finished = self._run("plan", *arguments, good=(0, _CHANGES))
            # Terraform starts the provider to show a plan, which takes seconds. An empty plan is not shown.
            return Plan.from_json(self._shown(file.name) if finished.exit_code == _CHANGES else "{}")

    def apply(self, *, targets: Sequence[str] = ()) -> None:
        """Create and change what the configuration describes; `targets` limits the addresses.

        The plan is saved, reviewed and recorded before it is applied: only recorded addresses are ever destroyed.

        Raises:
            ForeignStateError: The state lists resources that this run did not create; nothing is changed.
        """
        self._own.check()
        file = self._state_folder / "apply.tfplan"
        saved = os.path.relpath(file, self.folder)
        options = [f"-out={saved}", "-detailed-exitcode", *_targeting(targets)]
        try:
            if self._run_with_progress("plan", *options, good=(0, _CHANGES)).exit_code == _CHANGES:
                plan = SavedPlan(json.loads(self._shown(str(file))), self.evaluate)
                self._review(plan)
                self._own.record(plan)
                self._run_with_progress("apply", saved)
        finally:
            file.unlink(missing_ok=True)

    def destroy(self) -> None:
        """Destroy everything in the state.

        Raises:
            ForeignStateError: The state lists resources that this run did not create; nothing is destroyed.
        """
        self._own.check()
        self._run_with_progress("destroy", "-auto-approve")

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - expressions have any type
        """Return the value of an expression of the root module; None if it is invalid or not known before apply."""
        output = subprocess.run(
            [self._binary, "console"],
            cwd=self.folder,
            env=self._environment,
            input=f"jsonencode({expression})\n",
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        # The console prints warnings, and then the JSON text as a string, unless the value is not known before apply.
        try:
            return json.loads(json.loads(output.splitlines()[-1]))
        except (IndexError, ValueError):
            return None

    def outputs(self) -> dict[str, Any]:
        """Return the values of all outputs by name."""
        outputs = json.loads(self._run("output", "-json").stdout)
        return {name: output["value"] for name, output in outputs.items()}

    def state(self) -> dict[str, Any]:
        """Return the whole state; it may contain secrets."""
        return self._own.read()

    def check_state(self) -> None:
        """Check that the state is the run's own.

        Raises:
            ForeignStateError: The state lists resources that this run did not create.
        """
        self._own.check()

    def state_addresses(self) -> Sequence[str]:
        """Return the addresses of the managed resources in the state; empty after a complete destroy."""
        return addresses_in(self._own.read())

    def _shown(self, plan: str) -> str:
        return self._run("show", "-json", plan).stdout

    def _run_with_progress(self, command: str, *arguments: str, good: Sequence[int] = (0,)) -> Finished:
        progress = ProgressReader(self.on_progress)
        with self.log_file.open("a") as log:

            def on_line(line: str) -> None:
                log.write(f"{line}\n")
                progress.read(line)

            options = ["-json", _LOCK_TIMEOUT, _PARALLELISM]
            return self._run(command, *options, *arguments, good=good, on_line=on_line, errors=progress.errors)

    def _run(
        self,
        *arguments: str,
        good: Sequence[int] = (0,),
        on_line: Callable[[str], None] = noop,
        errors: Sequence[str] | None = None,
    ) -> Finished:
        finished = processes.run(
            [self._binary, *arguments],
            folder=self.folder,
            environment=self._environment,
            on_line=on_line,
            check=self._check,
        )
        if finished.exit_code not in good:
            reported = finished.stdout if errors is None else ""
            message = "\n\n".join(errors or ()) or finished.stderr or reported
            command = ["terraform", *arguments]
            raise TerraformError(command=command, folder=self.folder, exit_code=finished.exit_code, message=message)
        return finished


def _targeting(addresses: Sequence[str]) -> list[str]:
    return [f"-target={address}" for address in addresses]

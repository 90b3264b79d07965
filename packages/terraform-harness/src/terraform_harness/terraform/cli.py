"""Terraform as typed calls: init, plan, apply, output, destroy, with progress and errors that say what failed."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from filelock import FileLock

from terraform_harness import processes
from terraform_harness.errors import ProviderMissingError, TerraformError, TerraformMissingError
from terraform_harness.terraform.own_state import OwnState
from terraform_harness.terraform.plan import Plan
from terraform_harness.terraform.planned import Planned
from terraform_harness.terraform.providers import cli_configuration, mirror_candidates, required_providers
from terraform_harness.terraform.state import addresses_in

NEEDED_VERSION = "1.11"
_UNREACHABLE = re.compile(r"Failed to query available provider packages|Failed to install provider", re.IGNORECASE)
# Against an emulator the calls wait for each other more than for the network; AWS answers to this many as well.
_PARALLELISM = "-parallelism=30"
# A terraform whose harness was killed goes on, and has the state's lock until it is done.
_LOCK_TIMEOUT = "-lock-timeout=15m"
# How `plan -detailed-exitcode` says that something would change.
_CHANGES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One resource that is done."""

    action: str
    address: str
    done: int
    total: int


@dataclass(slots=True)
class _Log:
    """What a `-json` command says, gathered."""

    on_progress: Callable[[Progress], None]
    errors: list[str] = field(default_factory=list)
    done: int = 0
    total: int = 0

    def line(self, text: str) -> None:
        """Take one line of the machine-readable output (https://developer.hashicorp.com/terraform/internals/machine-readable-ui)."""
        if not text.startswith("{"):
            return
        event: dict[str, Any] = json.loads(text)
        match event.get("type"):
            case "planned_change":
                self.total += 1
            case "apply_complete" if event["hook"]["action"] != "read":
                self.done += 1
                hook = event["hook"]
                done = Progress(
                    action=hook["action"], address=hook["resource"]["addr"], done=self.done, total=self.total
                )
                self.on_progress(done)
            case "diagnostic" if event["diagnostic"]["severity"] == "error":
                diagnostic = event["diagnostic"]
                parts = [diagnostic.get("address", ""), diagnostic["summary"], diagnostic.get("detail", "")]
                self.errors.append("\n".join(part for part in parts if part))


class Terraform:
    """Runs terraform on one configuration with a state of its own, against whatever target the environment chooses.

    Args:
        folder: A copy of a configuration; an override file is added to it that replaces its backend.
        environment: All that terraform sees: PATH, credentials, `AWS_ENDPOINT_URL`.
        cache: Keeps downloaded provider plugins between runs, where no local mirror has them.
        state_folder: Holds the state, the log and Terraform's data folder; by default `folder`.
        provider_settings: What each AWS provider block is set to, whatever the configuration says.
        on_progress: Called for each resource that was created, changed or destroyed.
        check: Called while a command runs; raises when the target is gone, which ends the command.
        review: Called with each plan before it is applied; raises to refuse it.
    """

    def __init__(  # noqa: PLR0913 - what to run, where, and the ways to watch it
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        cache: Path,
        state_folder: Path | None = None,
        provider_settings: Mapping[str, Any] | None = None,
        on_progress: Callable[[Progress], None] = processes.noop,
        check: Callable[[], None] = processes.noop,
        review: Callable[[Planned], None] = processes.noop,
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
            # It and its providers live for seconds: a garbage collector that runs less often saves a tenth of them.
            "GOGC": "400",
        }
        self._binary = find_terraform(self._environment)

    @property
    def log_file(self) -> Path:
        """The machine-readable output of each plan, apply and destroy."""
        return self._state_folder / "terraform.log"

    def init(self, *, upgrade: bool = False) -> None:
        """Install the providers; with `upgrade`, also others than those that an earlier init has locked.

        Raises:
            ProviderMissingError: No mirror has them and the registry does not answer.
            ForeignStateError: The state is not this run's own.
            BackendError: The configuration insists on another backend.
        """
        self._own.prepare()
        # Terraform's plugin cache is not safe for two at once: https://github.com/hashicorp/terraform/issues/31964
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

    def validate(self) -> None:
        """Check the configuration without any call to the target."""
        self._run("validate", "-no-color")

    def plan(self, *, refresh: bool = True, destroy: bool = False, targets: Sequence[str] = ()) -> Plan:
        """Compare configuration, state and (with `refresh`) the target, of these addresses only if there are any.

        Nothing is locked, since nothing is changed: plans may be made side by side.
        """
        with NamedTemporaryFile(dir=self._state_folder, suffix=".tfplan") as file:
            options = [f"-refresh={str(refresh).lower()}", *(["-destroy"] if destroy else []), *_targeting(targets)]
            arguments = ["plan", "-no-color", "-lock=false", "-detailed-exitcode", _PARALLELISM, *options]
            ended = self._run(*arguments, f"-out={file.name}", good=(0, _CHANGES))
            # To show a plan takes as long as to start the provider: nothing needs no showing.
            shown = self._run("show", "-json", file.name).stdout if ended.exit_code == _CHANGES else "{}"
            return Plan.from_json(shown)

    def apply(self, *, targets: Sequence[str] = ()) -> None:
        """Create and change what the configuration says, of these addresses only if there are any.

        The plan is saved, reviewed and recorded before it is applied: what is not recorded is never destroyed.

        Raises:
            ForeignStateError: The state lists what this run did not create; nothing is changed.
        """
        self._own.check()
        file = self._state_folder / "apply.tfplan"
        saved = os.path.relpath(file, self.folder)
        options = [f"-out={saved}", "-detailed-exitcode", *_targeting(targets)]
        try:
            if self._run_with_progress("plan", *options, good=(0, _CHANGES)) == _CHANGES:
                planned = Planned(json.loads(self._run("show", "-json", str(file)).stdout), self.evaluate)
                self._review(planned)
                self._own.record(planned)
                self._run_with_progress("apply", saved)
        finally:
            file.unlink(missing_ok=True)

    def destroy(self) -> None:
        """Destroy everything in the state.

        Raises:
            ForeignStateError: The state lists what this run did not create; nothing is destroyed.
        """
        self._own.check()
        self._run_with_progress("destroy", "-auto-approve")

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - expressions have any type
        """The value of an expression of the root module; None if it is known after apply only, or is not valid."""
        said = subprocess.run(
            [self._binary, "console"],
            cwd=self.folder,
            env=self._environment,
            input=f"jsonencode({expression})\n",
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        # The console prints the JSON text as a string, after its warnings, but not for what is known after apply.
        try:
            return json.loads(json.loads(said.splitlines()[-1]))
        except (IndexError, ValueError):
            return None

    def outputs(self) -> dict[str, Any]:
        """The values of all outputs by name."""
        answer = json.loads(self._run("output", "-json").stdout)
        return {name: output["value"] for name, output in answer.items()}

    def state(self) -> dict[str, Any]:
        """The whole state; it may hold secrets."""
        return self._own.read()

    def check_state(self) -> None:
        """Check that the state is the run's own.

        Raises:
            ForeignStateError: The state lists what this run did not create.
        """
        self._own.check()

    def state_addresses(self) -> Sequence[str]:
        """The managed resources that the state lists; empty after a complete destroy."""
        return addresses_in(self._own.read())

    def _run_with_progress(self, *arguments: str, good: Sequence[int] = (0,)) -> int:
        log = _Log(self.on_progress)
        command = ["terraform", *arguments[:1], "-json", _LOCK_TIMEOUT, _PARALLELISM, *arguments[1:]]
        with self.log_file.open("a") as kept:

            def line(text: str) -> None:
                kept.write(f"{text}\n")
                log.line(text)

            ended = self._execute(command, on_line=line)
        if ended.exit_code not in good:
            message = "\n\n".join(log.errors) or ended.stderr
            raise TerraformError(command=command, folder=self.folder, exit_code=ended.exit_code, message=message)
        return ended.exit_code

    def _run(self, *arguments: str, good: Sequence[int] = (0,)) -> processes.Finished:
        command = ["terraform", *arguments]
        ended = self._execute(command)
        if ended.exit_code not in good:
            message = ended.stderr or ended.stdout
            raise TerraformError(command=command, folder=self.folder, exit_code=ended.exit_code, message=message)
        return ended

    def _execute(self, command: Sequence[str], on_line: Callable[[str], None] = processes.noop) -> processes.Finished:
        return processes.run(
            [self._binary, *command[1:]],
            folder=self.folder,
            environment=self._environment,
            on_line=on_line,
            check=self._check,
        )


def _targeting(addresses: Sequence[str]) -> list[str]:
    return [f"-target={address}" for address in addresses]


def find_terraform(environment: Mapping[str, str] = os.environ) -> str:
    """The path of a terraform that is new enough.

    Raises:
        TerraformMissingError: There is none.
    """
    binary = shutil.which("terraform", path=environment.get("PATH"))
    if binary is None:
        raise TerraformMissingError(needed=NEEDED_VERSION, found=None)
    answer = subprocess.run(
        [binary, "version", "-json"],
        env={**environment, "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: str = json.loads(answer.stdout)["terraform_version"]
    if tuple(map(int, found.partition("-")[0].split("."))) < tuple(map(int, NEEDED_VERSION.split("."))):
        raise TerraformMissingError(needed=NEEDED_VERSION, found=found)
    return binary

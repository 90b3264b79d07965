"""The lifetime of an environment, and the place of its state: safe by default, and no contradiction."""

import pytest

from modules.errors import ConflictingSettingsError
from modules.settings import Settings

NEEDS_A_STATE = (
    "STATE_BUCKET is not set. Set it to the name of an S3 bucket for the Terraform state."
    " Or set LOCAL_STATE=true to keep the state in this working copy."
    " Or set EPHEMERAL=true for an environment without protection against deletion."
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment variables, without any setting."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("suffix", ["dev", "t-0123abcd", "prod", "live"])
def test_environment_is_not_ephemeral_by_default(environment: pytest.MonkeyPatch, suffix: str) -> None:
    environment.setenv("ENVIRONMENT_SUFFIX", suffix)
    environment.setenv("STATE_BUCKET", "states-of-the-team")

    assert Settings.from_environment().ephemeral is False


def test_lasting_environment_needs_a_state() -> None:
    with pytest.raises(ConflictingSettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == NEEDS_A_STATE


def test_local_state_must_be_asked_for(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LOCAL_STATE", "false")

    with pytest.raises(ConflictingSettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == NEEDS_A_STATE


@pytest.mark.parametrize("variable", ["LOCAL_STATE", "EPHEMERAL"])
def test_state_bucket_is_not_needed_if(environment: pytest.MonkeyPatch, variable: str) -> None:
    environment.setenv(variable, "true")

    assert Settings.from_environment().state_bucket is None


def test_state_is_in_one_place(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("STATE_BUCKET", "states-of-the-team")
    environment.setenv("LOCAL_STATE", "true")

    with pytest.raises(ConflictingSettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == "STATE_BUCKET is 'states-of-the-team', but LOCAL_STATE is true. Unset one of them."


@pytest.mark.parametrize("suffix", ["prod", "prd", "production", "live", "prod-eu", "eu-live", "prod2", "a-prod1-b"])
def test_production_cannot_be_ephemeral(environment: pytest.MonkeyPatch, suffix: str) -> None:
    environment.setenv("ENVIRONMENT_SUFFIX", suffix)
    environment.setenv("EPHEMERAL", "true")

    with pytest.raises(ConflictingSettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == (
        f"EPHEMERAL is true, but the suffix '{suffix}' looks like production. An ephemeral environment can be"
        " destroyed together with its ledger. Unset EPHEMERAL, or choose another ENVIRONMENT_SUFFIX."
    )


@pytest.mark.parametrize("suffix", ["dev", "product-team", "delivery", "alive", "reprod", "nonprod"])
def test_other_names_can_be_ephemeral(environment: pytest.MonkeyPatch, suffix: str) -> None:
    environment.setenv("ENVIRONMENT_SUFFIX", suffix)
    environment.setenv("EPHEMERAL", "true")

    assert Settings.from_environment().ephemeral is True


def test_ephemeral_bucket_cannot_be_locked(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("EPHEMERAL", "true")
    environment.setenv("QUARANTINE_LOCK_DAYS", "1")

    with pytest.raises(ConflictingSettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == (
        "EPHEMERAL is true, but QUARANTINE_LOCK_DAYS keeps 'terraform destroy' from emptying the quarantine bucket."
        " Unset one of them."
    )


def test_locked_record_cannot_outlive_its_retention(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LOCAL_STATE", "true")
    environment.setenv("QUARANTINE_LOCK_DAYS", "31")
    environment.setenv("QUARANTINE_RETENTION_DAYS", "30")

    with pytest.raises(ConflictingSettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == (
        "QUARANTINE_LOCK_DAYS is 31, but QUARANTINE_RETENTION_DAYS is 30: S3 cannot delete a locked record."
        " Lower QUARANTINE_LOCK_DAYS to at most 30, or raise QUARANTINE_RETENTION_DAYS to at least 31."
    )


@pytest.mark.parametrize("retention", ["30", None])
def test_record_can_be_locked_until_its_deletion(environment: pytest.MonkeyPatch, retention: str | None) -> None:
    """Without a retention, S3 never deletes the record."""
    environment.setenv("LOCAL_STATE", "true")
    environment.setenv("QUARANTINE_LOCK_DAYS", "30")
    if retention is not None:
        environment.setenv("QUARANTINE_RETENTION_DAYS", retention)

    assert Settings.from_environment().quarantine_lock_days == 30

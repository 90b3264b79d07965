"""Shown and written texts have no secrets."""

import copy

import pytest

from terraform_harness.terraform.redaction import (
    redacted,
    redacted_event,
    redactor,
    secrets_in_configuration,
    secrets_in_state,
)

STATE = {
    "version": 4,
    "outputs": {"table": {"value": "transactions-t-1"}, "login": {"value": "hunter1", "sensitive": True}},
    "resources": [
        {
            "type": "aws_db_instance",
            "instances": [
                {
                    "attributes": {"name": "shop", "master": "hunter2", "admin_password": "hunter3", "tags": None},
                    "sensitive_attributes": [[{"type": "get_attr", "value": "master"}]],
                }
            ],
        },
        {
            "type": "aws_lambda_function",
            "instances": [
                {
                    "attributes": {"environment": [{"variables": {"API": "hunter4"}}], "timeout": 60},
                    "sensitive_attributes": [],
                }
            ],
        },
    ],
}


def test_sensitive_attributes_secret_names_and_variables_are_redacted() -> None:
    shown = redacted(STATE)

    database, function = (resource["instances"][0]["attributes"] for resource in shown["resources"])
    assert database == {"name": "shop", "master": "(redacted)", "admin_password": "(redacted)", "tags": None}
    assert function == {"environment": [{"variables": "(redacted)"}], "timeout": 60}


def test_shown_state_has_no_secret() -> None:
    assert "hunter" not in str(redacted(STATE))


def test_other_values_are_shown() -> None:
    shown = redacted(STATE)

    assert shown["outputs"]["table"] == {"value": "transactions-t-1"}


def test_sensitive_output_is_redacted() -> None:
    assert redacted(STATE)["outputs"]["login"] == {"value": "(redacted)", "sensitive": True}


def test_redaction_does_not_change_the_state() -> None:
    before = copy.deepcopy(STATE)

    redacted(STATE)

    assert before == STATE


def test_secrets_of_a_state() -> None:
    assert list(secrets_in_state(STATE)) == ["hunter1", "hunter2", "hunter3"]


def test_value_of_an_output_with_a_secret_name_is_a_secret() -> None:
    outputs = {"admin_password": {"value": {"now": "hunter1"}, "type": "string"}}

    assert list(secrets_in_state({"outputs": outputs})) == ["hunter1"]


def test_secrets_of_a_configuration() -> None:
    configuration = {
        "resource": {
            "aws_secretsmanager_secret": {"shop": {"name": "shop-dev"}},
            "aws_db_instance": {"shop": {"name": "shop", "password": "hunter1", "token": "${var.login}"}},
            "aws_lambda_function": {"f": {"environment": {"variables": {"TABLE": "shop", "API_KEY": "hunter2"}}}},
        },
        "data": {"http": {"page": {"request_headers": {"Token": ["hunter3"]}}}},
        "locals": {"db_password": "hunter4", "name": "shop"},
        "variable": {
            "login": {"type": "string", "default": "hunter5", "sensitive": True},
            "api_token": {"description": "for the shop", "default": "hunter6"},
            "name": {"default": "shop"},
        },
    }

    assert list(secrets_in_configuration(configuration)) == [f"hunter{number}" for number in range(1, 7)]


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        pytest.param("hunter1", "is hunter1.", "is (redacted).", id="verbatim"),
        pytest.param('hunter"\\1', r'{"x": "hunter\"\\1"}', '{"x": "(redacted)"}', id="JSON"),
        pytest.param("hünter1", r"h\u00fcnter1 hünter1", "(redacted) (redacted)", id="ASCII"),
        pytest.param("hunter1\nhunter2", "1: hunter1\n2: hunter2", "1: (redacted)\n2: (redacted)", id="line by line"),
        pytest.param("a.b.c.d", "a.b.c.d a-b-c-d", "(redacted) a-b-c-d", id="not a regular expression"),
        pytest.param("small", "smaller", "smaller", id="short texts remain"),
    ],
)
def test_secret_is_redacted_in_any_text(secret: str, text: str, shown: str) -> None:
    assert redactor([secret])(text) == shown


def test_longer_of_two_secrets_is_redacted_completely() -> None:
    assert redactor(["hunter1", "hunter1-of-many"])("hunter1-of-many") == "(redacted)"


def test_text_without_secrets_is_unchanged() -> None:
    assert redactor([])("hunter1") == "hunter1"


def test_quotes_of_a_diagnostic_are_redacted() -> None:
    snippet = {"context": "local", "code": '"x": "hunter1"', "values": [{"statement": 'is "hunter1"'}]}
    event = {"type": "diagnostic", "diagnostic": {"summary": "wrong", "snippet": snippet}}
    before = copy.deepcopy(event)

    shown = redacted_event(event)

    assert shown["diagnostic"] == {
        "summary": "wrong",
        "snippet": {"context": "local", "code": "(redacted)", "values": "(redacted)"},
    }
    assert event == before


@pytest.mark.parametrize("diagnostic", [None, {"summary": "wrong", "snippet": None}, {"summary": "wrong"}])
def test_event_without_quotes_is_unchanged(diagnostic: dict[str, object] | None) -> None:
    event = {"type": "diagnostic", "diagnostic": diagnostic}

    assert redacted_event(event) == event

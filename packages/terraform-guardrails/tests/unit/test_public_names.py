"""The package exports its public names."""

import terraform_guardrails


def test_the_public_names_are_sorted_and_exist() -> None:
    names = terraform_guardrails.__all__

    assert names == sorted(names)
    assert [name for name in names if not hasattr(terraform_guardrails, name)] == []

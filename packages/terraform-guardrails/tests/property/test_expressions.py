"""Whatever text stands in a configuration, it is read, not known, or refused: never a crash."""

from hypothesis import given, settings
from hypothesis import strategies as st

from terraform_guardrails.terraform.expressions import evaluate, references
from terraform_guardrails.terraform.templates import UnreadableTemplateError, split


@settings(deadline=None)  # the first expression loads the grammar
@given(st.text(alphabet='a.b[]{}()"$%, =?:*1-', max_size=40))
def test_no_text_does_worse_than_being_unknown(text: str) -> None:
    evaluate("${" + text + "}", lambda reference: reference)
    list(references("${" + text + "}"))


@settings(deadline=None)  # the first expression loads the grammar
@given(st.text(alphabet='a{}$%"\\ ~'))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    try:
        parts = split(text)
    except UnreadableTemplateError:
        return

    assert all(parts)

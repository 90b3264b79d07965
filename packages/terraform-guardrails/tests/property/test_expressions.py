"""Any text in a configuration is parsed, unknown or rejected, and never raises another error."""

from hypothesis import given, settings
from hypothesis import strategies as st

from terraform_guardrails.terraform.expressions import evaluate
from terraform_guardrails.terraform.syntax import UnreadableTemplateError, references, split


@settings(deadline=None)  # the first example loads the grammar
@given(st.text(alphabet='a.b[]{}()"$%, =?:*1-', max_size=40))
def test_any_expression_is_evaluated_or_unknown(text: str) -> None:
    evaluate("${" + text + "}", lambda reference: reference)
    list(references("${" + text + "}"))


@settings(deadline=None)  # the first example loads the grammar
@given(st.text(alphabet='a{}$%"\\ ~'))
def test_any_text_is_split_or_rejected(text: str) -> None:
    try:
        parts = split(text)
    except UnreadableTemplateError:
        return

    assert all(parts)

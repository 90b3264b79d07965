"""Policy variables such as `${aws:username}`, with an optional default value.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Sequence

from iam_policy_evaluator.matching import escaped
from iam_policy_evaluator.query import Query

_VARIABLE = re.compile(r"\$\{(?P<key>[^}$*?,]+?)\s*(?:,\s*'(?P<default>[^']*)')?\s*}")


class Texts:
    """The texts of an element: those without policy variables as patterns, and the others as templates."""

    __slots__ = ("_templates", "fixed")

    def __init__(self, texts: Sequence[str], *, has_variables: bool) -> None:
        if not has_variables:
            self.fixed = tuple(text.replace("$", "${$}") for text in texts)
            self._templates: tuple[str, ...] = ()
            return
        self.fixed = tuple(text for text in texts if _VARIABLE.search(text) is None)
        self._templates = tuple(text for text in texts if _VARIABLE.search(text) is not None)

    @property
    def is_fixed(self) -> bool:
        """Whether no text depends on the request."""
        return not self._templates

    def resolved(self, query: Query) -> tuple[str, ...]:
        """Return the texts with variables as patterns, with the values of a request.

        `*` and `?` of the policy are wildcards. Those of the request's values are literal. A text is left out if a
        variable in it has neither a value nor a default: nothing matches it.
        """
        return tuple(text for text in (_resolved(text, query) for text in self._templates) if text is not None)


def _resolved(text: str, query: Query) -> str | None:
    pieces: list[str] = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        values = query.values(variable["key"].lower())
        # A key with several values cannot be a variable.
        value = values[0] if len(values) == 1 else variable["default"]
        if value is None:
            return None
        pieces += (text[end : variable.start()], escaped(value))
        end = variable.end()
    return "".join((*pieces, text[end:]))

"""Policy variables such as `${aws:username}`, with an optional default value.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re

from iam_policy_evaluator.matching import escaped
from iam_policy_evaluator.request import Request

_VARIABLE = re.compile(r"\$\{(?P<key>[^}$*?,]+?)\s*(?:,\s*'(?P<default>[^']*)')?\s*}")


def substitute(text: str, request: Request, *, has_variables: bool) -> str | None:
    """Replace the policy variables of a text with the values of the request.

    Returns:
        A pattern. `*` and `?` of the policy are wildcards. Those of the request's values are literal.
        None if a variable has neither a value nor a default. Then nothing matches.
    """
    if not has_variables:
        return text.replace("$", "${$}")
    pieces: list[str] = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        value = _value(variable, request)
        if value is None:
            return None
        pieces += (text[end : variable.start()], escaped(value))
        end = variable.end()
    return "".join((*pieces, text[end:]))


def _value(variable: re.Match[str], request: Request) -> str | None:
    """Return the value of a single-valued key, else the default."""
    values = request.values(variable["key"])
    return values[0] if len(values) == 1 else variable["default"]

"""Wildcards: `*` matches any characters, `?` matches one character.

`${*}`, `${?}` and `${$}` stand for the characters themselves:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
"""

import re
from functools import lru_cache

_ESCAPED = re.compile(r"\$\{([*?$])}")
_PARTS = re.compile(r"(\$\{[*?$]}|[*?])")
_WILDCARDS = {"*": ".*", "?": "."}
_ARN_COMPONENTS = 6
# Policies repeat the same patterns, and one pattern is compared with many texts.
_CACHE_SIZE = 10_000


def matches(pattern: str, text: str) -> bool:
    """Return whether a pattern matches a text. Case matters."""
    return _compiled(pattern).fullmatch(text) is not None


def matches_action(pattern: str, action: str) -> bool:
    """Return whether an entry of Action matches an action. Case does not matter."""
    return matches(pattern.lower(), action.lower())


def matches_resource(pattern: str, resource: str) -> bool:
    """Return whether an entry of Resource matches an ARN. AWS completes a short ARN with `*`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    missing = _ARN_COMPONENTS - len(pattern.split(":", _ARN_COMPONENTS - 1)) if pattern.startswith("arn:") else 0
    return matches(pattern + ":*" * missing, resource)


def matches_arn(pattern: str, arn: str) -> bool:
    """Return whether an ARN of a condition matches. Each of the six components is compared separately.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    if pattern == "*":
        return True
    wanted = pattern.split(":", _ARN_COMPONENTS - 1)
    found = arn.split(":", _ARN_COMPONENTS - 1)
    return len(wanted) == len(found) == _ARN_COMPONENTS and all(map(matches, wanted, found))


def escaped(text: str) -> str:
    """Return a pattern that matches only this text."""
    return re.sub(r"[*?$]", r"${\g<0>}", text)


def unescaped(pattern: str) -> str:
    """Return the text that a pattern stands for where `*` and `?` are not wildcards."""
    return _ESCAPED.sub(r"\1", pattern)


@lru_cache(maxsize=_CACHE_SIZE)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (_WILDCARDS.get(part) or re.escape(unescaped(part)) for part in _PARTS.split(pattern))
    return re.compile("".join(parts), re.DOTALL)

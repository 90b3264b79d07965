"""Wildcards: `*` matches any characters, `?` matches one character.

`${*}`, `${?}` and `${$}` stand for the characters themselves:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
"""

import re
from collections.abc import Callable
from functools import lru_cache

Matcher = Callable[[str], bool]

_ESCAPED = re.compile(r"\$\{([*?$])}")
_PARTS = re.compile(r"(\$\{[*?$]}|[*?])")
_ARN_COMPONENTS = 6
_ANYTHING, _WITHIN = (".*", "."), ("[^:]*", "[^:]")
_NOTHING = "(?!)"
# Policies repeat the same patterns, and one pattern is compared with many texts.
_CACHE_SIZE = 10_000


def matches(pattern: str, text: str) -> bool:
    """Return whether a pattern matches a text. Case matters."""
    return any_text((pattern,))(text)


def matches_action(pattern: str, action: str) -> bool:
    """Return whether an entry of Action matches an action. Case does not matter."""
    return any_action((pattern,))(action.lower())


def matches_resource(pattern: str, resource: str) -> bool:
    """Return whether an entry of Resource matches an ARN. AWS completes a short ARN with `*`.

    A wildcard stays in its ARN component. Only a `*` at the end of a component can continue after the colon.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    return any_resource((pattern,))(resource)


def matches_arn(pattern: str, arn: str) -> bool:
    """Return whether an ARN of a condition matches. Each of the six components is compared separately.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    return any_arn((pattern,))(arn)


def any_text(patterns: tuple[str, ...]) -> Matcher:
    """Build a matcher of texts that at least one pattern matches."""
    return _matcher(patterns, _text)


def any_action(patterns: tuple[str, ...]) -> Matcher:
    """Build a matcher of actions in lower case."""
    return _matcher(tuple(map(str.lower, patterns)), _text)


def any_resource(patterns: tuple[str, ...]) -> Matcher:
    """Build a matcher of the resources of requests."""
    return _matcher(patterns, _resource)


def any_arn(patterns: tuple[str, ...]) -> Matcher:
    """Build a matcher of the ARNs of conditions."""
    return _matcher(patterns, _arn)


def escaped(text: str) -> str:
    """Return a pattern that matches only this text."""
    return re.sub(r"[*?$]", r"${\g<0>}", text)


def unescaped(pattern: str) -> str:
    """Return the text that a pattern stands for where `*` and `?` are not wildcards."""
    return _ESCAPED.sub(r"\1", pattern)


@lru_cache(maxsize=_CACHE_SIZE)
def _matcher(patterns: tuple[str, ...], regex_of: Callable[[str], str]) -> Matcher:
    if "*" in patterns:
        return lambda _: True
    match = re.compile("|".join(map(regex_of, patterns)) if patterns else _NOTHING, re.DOTALL).fullmatch
    return lambda text: match(text) is not None


def _text(pattern: str, wildcards: tuple[str, str] = _ANYTHING) -> str:
    """Translate a pattern into a regular expression. `wildcards` replace `*` and `?`."""
    of = dict(zip("*?", wildcards, strict=True))
    return "".join(of.get(part) or re.escape(unescaped(part)) for part in _PARTS.split(pattern))


def _resource(pattern: str) -> str:
    if not pattern.startswith("arn:"):
        return _text(pattern)
    parts = pattern.split(":", _ARN_COMPONENTS - 1)
    parts += "*" * (_ARN_COMPONENTS - len(parts))
    return ":".join((*map(_resource_component, parts[:-1]), _text(parts[-1])))


def _resource_component(pattern: str) -> str:
    if pattern.endswith("*"):
        return _text(pattern[:-1], _WITHIN) + _ANYTHING[0]
    return _text(pattern, _WITHIN)


def _arn(pattern: str) -> str:
    parts = pattern.split(":", _ARN_COMPONENTS - 1)
    if len(parts) < _ARN_COMPONENTS:
        return _NOTHING
    return ":".join((*(_text(part, _WITHIN) for part in parts[:-1]), _text(parts[-1])))

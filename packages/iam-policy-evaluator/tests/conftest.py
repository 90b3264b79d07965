"""A second implementation of policy evaluation for tests.

It is written from AWS's pages alone, reads the JSON of the policies directly, and is slow.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

Entries = str | dict[str, list[str]]

STAR, MARK, DOLLAR = "\ue000", "\ue001", "\ue002"  # a literal star, question mark and dollar sign


@pytest.fixture
def second_verdict() -> Callable[[dict[str, Any]], str]:
    """Return the verdict of the second implementation on a generated case."""
    return lambda raw: Case(raw).verdict()


def glob(pattern: str, text: str, limit: str = "") -> bool:
    """Compare character by character. A wildcard does not match the characters of `limit`."""
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        return glob(rest, text, limit) or (bool(text) and text[0] not in limit and glob(pattern, text[1:], limit))
    if not text:
        return False
    same = text[0] not in limit if head == "?" else text[0] == {STAR: "*", MARK: "?", DOLLAR: "$"}.get(head, head)
    return same and glob(rest, text[1:], limit)


def arn_like(pattern: str, text: str) -> bool:
    wanted, found = pattern.split(":", 5), text.split(":", 5)
    return pattern == "*" or (len(wanted) == len(found) == 6 and all(map(glob, wanted, found)))


def resource_like(pattern: str, arn: str) -> bool:
    """Try each colon of the ARN as the end of the first component of the pattern."""
    if not pattern.startswith("arn:"):
        return glob(pattern, arn)
    parts = pattern.split(":", 5)
    return components_like([*parts, *"*" * (6 - len(parts))], arn)


def components_like(parts: list[str], text: str) -> bool:
    if len(parts) == 1:
        return glob(parts[0], text)
    ends = [index for index, character in enumerate(text) if character == ":"]
    return any(component_like(parts[0], text[:end]) and components_like(parts[1:], text[end + 1 :]) for end in ends)


def component_like(pattern: str, text: str) -> bool:
    if not pattern.endswith("*"):
        return glob(pattern, text, ":")
    return any(glob(pattern[:-1], text[:end], ":") for end in range(len(text) + 1))


class Case:
    """One request, and what is true of it."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.type: str = raw["caller"][0] if raw["caller"] else ""
        self.arn: str = raw["caller"][1] if raw["caller"] else ""
        parts = self.arn.split(":")
        self.account = parts[4] if self.type == "AWS" else None
        self.is_root = self.arn.endswith(":root")
        self.role = parts[5].split("/")[1 if "assumed-role" in self.arn else -1] if "role/" in self.arn else None
        of_arn = raw["resource"].split(":")[4] if raw["resource"] != "*" else ""
        self.is_foreign = self.account is not None and (raw["account"] or of_arn or self.account) != self.account

    def values(self, key: str) -> list[str]:
        found = [value for name, value in self.raw["context"].items() if name.lower() == key.lower()]
        return [] if not found else found[0] if isinstance(found[0], list) else [found[0]]

    def text(self, pattern: str, document: dict[str, Any]) -> str | None:
        """Replace the variables of a text, and mark what is literal."""
        if document.get("Version") != "2012-10-17":
            return pattern
        for escape, literal in (("${*}", STAR), ("${?}", MARK), ("${$}", DOLLAR)):
            pattern = pattern.replace(escape, literal)
        while (start := pattern.find("${")) >= 0:
            key, _, default = pattern[start + 2 : pattern.index("}", start)].partition(", ")
            found = self.values(key)
            value = found[0] if len(found) == 1 else default.strip("'") if default else None
            if value is None:
                return None
            value = value.replace("*", STAR).replace("?", MARK).replace("$", DOLLAR)
            pattern = pattern[:start] + value + pattern[pattern.index("}", start) + 1 :]
        return pattern

    def holds(self, operator: str, key: str, wanted: list[str], document: dict[str, Any]) -> bool:
        found = self.values(key)
        if operator == "Null":
            return ("true" in wanted and not found) or ("false" in wanted and bool(found))
        if operator.endswith("IfExists") and not found:
            return True
        name = operator.removesuffix("IfExists").rpartition(":")[2].replace("Not", "")
        is_negated = "Not" in operator
        texts = wanted
        if name.startswith(("String", "Arn")):
            texts = [text for value in wanted if (text := self.text(value, document)) is not None]
        results = {value: any(compare(name, text, value) for text in texts) is not is_negated for value in found}
        if operator.startswith("ForAllValues:"):
            return all(result for value, result in results.items() if value)
        if operator.startswith("ForAnyValue:"):
            return any(result for value, result in results.items() if value)
        return all(results.values()) if is_negated else any(results.values())

    def applies(self, statement: dict[str, Any], document: dict[str, Any], *, owns: bool) -> bool:
        action, resource = self.raw["action"].lower(), self.raw["resource"]
        listed = any(glob(each.lower(), action) for each in statement.get("Action") or statement["NotAction"])
        patterns = statement.get("Resource", statement.get("NotResource", []))
        texts = [text for each in patterns if (text := self.text(each, document)) is not None]
        covered = any(resource_like(text, resource) for text in texts) if patterns else owns
        if listed is ("NotAction" in statement) or covered is ("NotResource" in statement):
            return False
        conditions = statement.get("Condition", {}).items()
        return all(self.holds(name, key, wanted, document) for name, keys in conditions for key, wanted in keys.items())

    def names(self, entries: Entries) -> Iterator[str]:
        """Yield how the entries name the caller: as its account, its role, or itself."""
        for type_, ids in ({"AWS": ["*"]} if isinstance(entries, str) else entries).items():
            for entry in ids:
                if (type_, entry) == ("AWS", "*"):
                    yield "itself"
                if type_ != self.type:
                    continue
                if entry in {self.account, f"arn:aws:iam::{self.account}:root"}:
                    yield "itself" if self.is_root else "account"
                elif re.fullmatch(rf"arn:aws:iam::{self.account}:role/(.*/)?{self.role}", entry):
                    yield "role"
                elif entry == self.arn:
                    yield "itself"

    def naming(self, statement: dict[str, Any]) -> set[str]:
        if "Principal" in statement:
            return set(self.names(statement["Principal"]))
        if "NotPrincipal" not in statement:
            return set()
        named = set(self.names(entries := statement["NotPrincipal"]))
        if statement["Effect"] == "Allow":
            return set() if named else {"itself"}
        if self.raw["boundary"] and self.account:
            return {"itself"}
        needed = {"itself"} if not self.account or self.is_root else {"account", "role" if self.role else "itself"}
        needed |= {"itself"} if "assumed-role" in self.arn else set()
        return set() if is_for_everyone(entries) or needed <= named else {"itself"}

    def namings(self, document: dict[str, Any] | None, effect: str, *, owns: bool = True) -> set[str]:
        found: set[str] = set()
        for each in document["Statement"] if document else []:
            if each["Effect"] == effect and self.applies(each, document or {}, owns=owns):
                found |= self.naming(each)
        return found

    def has(self, document: dict[str, Any], effect: str) -> bool:
        return any(
            each["Effect"] == effect and self.applies(each, document, owns=False) for each in document["Statement"]
        )

    def endpoint_has(self, effect: str) -> bool:
        document = self.raw["endpoint"]
        if self.raw["is_gateway"] and not self.is_root:
            of_everyone = [each for each in document["Statement"] if is_for_everyone(each.get("Principal", {}))]
            document = {**document, "Statement": of_everyone}
        return bool(self.namings(document, effect, owns=False))

    def granted(self) -> set[str]:
        """Return how the grants that allow the request name the caller."""
        prefix, operation = "kms:EncryptionContext:", self.raw["action"].partition(":")[2]
        context = self.raw["context"].items()
        pairs = {key.removeprefix(prefix): value for key, value in context if key.lower().startswith(prefix.lower())}
        found: set[str] = set()
        for grant in self.raw["grants"] if self.raw["action"].startswith("kms:") else ():
            equals = grant["Constraints"].get("EncryptionContextEquals", pairs)
            subset = grant["Constraints"].get("EncryptionContextSubset", {})
            is_within = operation == "DescribeKey" or (pairs == equals and {**pairs, **subset} == pairs)
            if operation in grant["Operations"] and is_within:
                found.update(self.names({"AWS": [grant["GranteePrincipal"]]}))
        return found

    def verdict(self) -> str:
        raw = self.raw
        limits = [each for each in (raw["boundary"], raw["session"]) if each]
        if (
            any(self.has(each, "Deny") for each in (*raw["identity"], *limits))
            or self.namings(raw["resource_policy"], "Deny")
            or (raw["endpoint"] and self.endpoint_has("Deny"))
        ):
            return "denied explicitly"
        is_open = not raw["endpoint"] or self.endpoint_has("Allow")
        return "allowed" if is_open and self.is_granted(limits) else "denied implicitly"

    def is_granted(self, limits: list[dict[str, Any]]) -> bool:
        by_grant, by_policy = self.granted(), self.namings(self.raw["resource_policy"], "Allow")
        by_resource = by_grant | by_policy
        if self.type not in {"AWS", ""}:
            return "itself" in by_resource
        has_own = self.is_root or any(self.has(each, "Allow") for each in self.raw["identity"])
        is_within = all(self.has(each, "Allow") for each in limits)
        is_within = is_within and ("federated-user" not in self.arn or self.raw["session"] is not None)
        if self.is_foreign:
            needed = ("role" in by_grant or has_own) and bool(by_resource)
            return "itself" in by_grant or (is_within and needed)
        must_name = self.raw["resource_policy"] is not None and self.raw["action"].startswith(("kms:", "sts:"))
        delegated = has_own and (bool(by_resource) or not must_name)
        return "itself" in by_resource or (is_within and ("role" in by_resource or delegated))


def is_for_everyone(entries: Entries) -> bool:
    return isinstance(entries, str) or "*" in entries.get("AWS", [])


def compare(name: str, wanted: str, found: str) -> bool:
    literal = wanted.replace(STAR, "*").replace(MARK, "?").replace(DOLLAR, "$")
    texts = {
        "StringLike": lambda: glob(wanted, found),
        "StringEquals": lambda: literal == found,
        "StringEqualsIgnoreCase": lambda: literal.lower() == found.lower(),
        "Bool": lambda: wanted == found,
        "ArnEquals": lambda: arn_like(wanted, found),
        "ArnLike": lambda: arn_like(wanted, found),
        "IpAddress": lambda: ipaddress.ip_address(found) in ipaddress.ip_network(wanted),
    }
    try:
        return texts[name]() if name in texts else compare_ordered(name, wanted, found)
    except ValueError:
        return False


def compare_ordered(name: str, wanted: str, found: str) -> bool:
    reader = Fraction if name.startswith("Numeric") else seconds
    right, left = reader(wanted), reader(found)
    order = name.removeprefix("Numeric").removeprefix("Date")
    return (order.endswith("Equals") and left == right) or {"L": left < right, "G": left > right}.get(order[0], False)


def seconds(text: str) -> Fraction:
    if text.replace(".", "").isdigit():
        return Fraction(text)
    moment = datetime.fromisoformat(text)
    return Fraction((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())

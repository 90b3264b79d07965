"""A request as the compiled policies read it."""

import re
from collections.abc import Sequence

from iam_policy_evaluator.principals import Caller, caller_of
from iam_policy_evaluator.request import Request

_ARN_ACCOUNT = re.compile(r"arn:(?:[^:]*:){3}(\d{12}):")


class Query:
    """A request, read once for all statements of one decision."""

    __slots__ = ("_context", "action", "caller", "request", "resource")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.action = request.action.lower()
        self.resource = request.resource
        self.caller: Caller = caller_of(request.principal)
        self._context: dict[str, str | Sequence[str]] | None = None

    def values(self, key: str) -> Sequence[str]:
        """Return the values of a condition key in lower case, none if the request does not have the key."""
        if self._context is None:
            self._context = {}
            for name, value in self.request.context.items():
                self._context.setdefault(name.lower(), value)
        found = self._context.get(key, ())
        return (found,) if isinstance(found, str) else found

    @property
    def crosses_accounts(self) -> bool:
        """Whether the caller and the resource are in different accounts."""
        account = self.request.resource_account
        if account is None:
            found = _ARN_ACCOUNT.match(self.resource)
            account = found[1] if found else None
        return None not in (account, self.caller.account) and account != self.caller.account

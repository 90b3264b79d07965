"""The fingerprint by which the same transaction is told from another one under the same id."""

import json
from collections.abc import Mapping
from hashlib import sha256

from .attributes import Attribute


def digest(attributes: Mapping[str, Attribute]) -> str:
    """Return the SHA-256 of the canonical transaction, in hexadecimal.

    Canonical is the meaning, not the spelling: the transaction's attributes in DynamoDB's typed form, as JSON with
    sorted names and no spaces. So the order of fields, white space, escapes, 1.00 for 1, "1.00" for an amount of
    1.00, and the offset of a timestamp make no difference; any other change does.
    """
    return sha256(json.dumps(attributes, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

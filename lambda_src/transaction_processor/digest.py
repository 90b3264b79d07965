"""The digest of a transaction, which distinguishes a duplicate from a conflict."""

import json
from collections.abc import Mapping
from hashlib import sha256

from .attributes import Attribute


def digest(attributes: Mapping[str, Attribute]) -> str:
    """Return the SHA-256 of the canonical transaction, in hexadecimal.

    The canonical transaction is the JSON of its DynamoDB attributes, with sorted names and without spaces. The order of
    fields, white space, escapes, trailing zeros, the type of the amount (1.00 or "1.00") and the offset of the
    timestamp do not change the digest. Any other difference changes it.
    """
    return sha256(json.dumps(attributes, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

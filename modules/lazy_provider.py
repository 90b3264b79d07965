"""Lets the generated AWS package load one module at a time.

Its own `__init__` imports all of its 2,138 modules, which takes several seconds. An empty package of the same name,
registered first, has nothing to import: only the modules that a construct names are then loaded. Delete this file,
and its line in `__init__.py`, and everything still works, but slowly.
"""

import importlib.util
import sys
import types

_PACKAGE = "cdktf_cdktf_provider_aws"


def register() -> None:
    """Put the empty package in the place of the generated one, unless that is loaded already."""
    if _PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        return  # The first import from it says what is missing.
    empty = types.ModuleType(_PACKAGE)
    empty.__path__ = list(spec.submodule_search_locations)
    sys.modules[_PACKAGE] = empty

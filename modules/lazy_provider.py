"""Makes the generated AWS package load one module at a time.

The package's own `__init__` imports all of its 2,138 modules, which takes several seconds. This module registers an
empty package of the same name first. Then Python loads only the modules that a construct imports. Without this file
and its call in `__init__.py`, synthesis works the same, but slower.
"""

import importlib.util
import sys
import types

_PACKAGE = "cdktf_cdktf_provider_aws"


def register() -> None:
    """Register the empty package, unless the generated one is loaded already."""
    if _PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        return  # The package is not installed. The first import from it raises an error that names it.
    empty = types.ModuleType(_PACKAGE)
    empty.__path__ = list(spec.submodule_search_locations)
    sys.modules[_PACKAGE] = empty

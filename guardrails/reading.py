"""Finds the Terraform JSON below the paths that the user names, and reads each configuration there."""

import json
from collections.abc import Iterator
from pathlib import Path

from guardrails import configuration, plan
from guardrails.body import Json
from guardrails.errors import InputError
from guardrails.stack import Lifetime, Stack

_LARGEST = 32 * 1024 * 1024
_DEEPEST = 100
_ENDING = ".tf.json"


def stacks_in(path: Path, lifetime: Lifetime | None = None) -> Iterator[Stack]:
    """The configurations at a path: a file, or a folder in which each folder with `*.tf.json` files is one.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    if path.is_dir():
        folders: dict[Path, list[Path]] = {}
        for file in sorted(path.rglob(f"*{_ENDING}")):
            if ".terraform" not in file.relative_to(path).parts:
                folders.setdefault(file.parent, []).append(file)
        if not folders:
            raise InputError(path, f"no *{_ENDING} file is in this folder")
        for files in folders.values():
            yield configuration.stack_from({file: _document(file) for file in files}, lifetime)
        return
    document = _document(path)
    if plan.is_plan(document):
        yield plan.stack_from(path, document, lifetime)
    elif path.name.endswith(_ENDING) or _is_configuration(document):
        yield configuration.stack_from({path: document}, lifetime)
    else:
        raise InputError(path, "it is JSON, but neither a Terraform configuration nor a plan")


def _is_configuration(document: Json) -> bool:
    return isinstance(document, dict) and not document.keys().isdisjoint({"resource", "data", "terraform", "provider"})


def _document(path: Path) -> Json:
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise InputError(path, f"{size:,} bytes are more than the {_LARGEST:,} that are read")
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(path, error.strerror or "it cannot be read") from error
    except UnicodeDecodeError as error:
        raise InputError(path, "it is not text in UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(path, f"it is not JSON: {error.msg} in line {error.lineno}") from error
    except RecursionError as error:
        raise InputError(path, f"it is nested deeper than {_DEEPEST} levels") from error
    if _deeper_than(_DEEPEST, document):
        raise InputError(path, f"it is nested deeper than {_DEEPEST} levels")
    return document


def _deeper_than(limit: int, document: Json) -> bool:
    level = [document]
    for _ in range(limit):
        level = [
            item
            for value in level
            if isinstance(value, dict | list)
            for item in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True

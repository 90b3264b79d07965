"""Finds and reads the Terraform JSON at a path."""

import json
from collections.abc import Iterator
from pathlib import Path

from terraform_guardrails.errors import HclError, InputError
from terraform_guardrails.terraform import configuration
from terraform_guardrails.terraform.body import Json
from terraform_guardrails.terraform.folders import HCL, JSON, Folder, folder_of, folders_below, unread
from terraform_guardrails.terraform.plan import document as plan
from terraform_guardrails.terraform.stack import Lifetime, Stack

_LARGEST = 32 * 1024 * 1024
_DEEPEST = 100
_TOO_DEEP = f"the JSON is nested more than {_DEEPEST} levels deep"


def stacks_in(path: Path, lifetime: Lifetime | None = None) -> Iterator[Stack]:
    """Yield the configurations at a path: a file, or every folder with `*.tf.json` files below a folder.

    Raises:
        InputError: there is no configuration, it cannot be read, or a part of it is HCL.
    """
    if path.is_dir():
        yield from _stacks_below(path, lifetime)
        return
    if path.name.endswith(HCL) and path.is_file() and folder_of(path).hcl:
        raise _hcl_error([folder_of(path)])
    document = _document(path)
    if plan.is_plan(document):
        yield plan.stack_from(path, document, lifetime)
        return
    if path.name.endswith(JSON):
        if (folder := folder_of(path)).hcl:
            raise _hcl_error([folder])
    elif not _is_configuration(document):
        raise InputError(path, "the file is JSON, but neither a Terraform configuration nor a plan")
    yield configuration.stack_from({path: document}, lifetime)


def _stacks_below(path: Path, lifetime: Lifetime | None) -> Iterator[Stack]:
    folders = list(folders_below(path))
    if not folders:
        raise InputError(path, f"the folder has no *{JSON} file")
    if any(folder.hcl for folder in folders):
        called = [source for folder in folders for source in configuration.local_modules(_documents(folder))]
        if not_read := unread(folders, called):
            raise _hcl_error(not_read, json_elsewhere=any(folder.json and not folder.hcl for folder in folders))
    for folder in folders:
        if folder.json:
            yield configuration.stack_from(_documents(folder), lifetime)


def _hcl_error(folders: list[Folder], *, json_elsewhere: bool = False) -> HclError:
    return HclError({folder.path: len(folder.hcl) for folder in folders}, json_elsewhere=json_elsewhere)


def _documents(folder: Folder) -> dict[Path, Json]:
    return {file: _document(file) for file in folder.json}


def _is_configuration(document: Json) -> bool:
    return isinstance(document, dict) and not document.keys().isdisjoint({"resource", "data", "terraform", "provider"})


def _document(path: Path) -> Json:
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise InputError(path, f"the file has {size:,} bytes; the limit is {_LARGEST:,}")
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(path, error.strerror or "the file cannot be read") from error
    except UnicodeDecodeError as error:
        raise InputError(path, "the file is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise InputError(path, f"the file is not JSON: {error.msg} in line {error.lineno}") from error
    except RecursionError as error:
        raise InputError(path, _TOO_DEEP) from error
    if _deeper_than(_DEEPEST, document):
        raise InputError(path, _TOO_DEEP)
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

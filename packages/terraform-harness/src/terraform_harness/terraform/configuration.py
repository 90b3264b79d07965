"""Finds the files of a Terraform configuration: those of its folder, and those that it names by a relative path."""

import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

from terraform_harness.terraform.errors import ConfigurationError

# Never copied: state files, what Terraform and this harness keep beside a configuration, version control.
_NEVER = (".git", ".hg", ".runs", ".svn", ".terraform", ".terragrunt-cache", "*.tfplan", "*.tfstate*")
_CACHES = (".*_cache", ".hypothesis", ".nox", ".tox", "__pycache__")
_TERRAFORM = ("*.tf", "*.tf.json")
_NAMING_PATHS = (*_TERRAFORM, "*.tfvars", "*.tfvars.json")
_COMMENT = re.compile(r"^[ \t]*(?:#.*|//.*|/\*(?s:.*?)\*/)", re.MULTILINE)
_UNICODE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
# Placeholders for `${path.module}`, and for any other expression, block or verb of `format`.
_MODULE, _UNKNOWN = "\1", "\0"
_VERB = re.compile(r"%[-+#\d.\[\]]*[a-zA-Z]")
_BRACES = re.compile(r"\$?\{([^{}]*)\}")
_BETWEEN_TEXTS, _BETWEEN_WORDS = re.compile(r'["\n]|\\[nrt]?'), re.compile(r"[\s'`(),;:|&<>=]+")
_DYNAMIC = re.compile(r"[\0\1*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The files of a configuration.

    Args:
        folder: The working directory of Terraform, relative to the root of a copy.
        files: The path of each file, relative to the root of a copy, and its source.
    """

    folder: Path
    files: Mapping[Path, Path]

    def copy_to(self, root: Path) -> Path:
        """Copy the files below `root` and return the working directory of Terraform."""
        for path, source in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, root / path)
        return root / self.folder


def find_configuration(folder: Path, *, project: Path, without: Collection[Path] = ()) -> Configuration:
    """Find the files of the configuration in a folder.

    State files, `.terraform`, `.git`, `.runs`, virtual environments, `node_modules` and caches are not part of it. A
    folder of content that the configuration names, such as `source_dir = "lambda"`, keeps its `node_modules` and
    virtual environments: they are deployed with it. A link is followed unless it leads to a folder that contains it.

    Args:
        folder: Holds `*.tf` or `*.tf.json` files.
        project: A parent folder is part of the configuration if the configuration names it and it is in the project,
            or has Terraform files itself, as `source = "../.."` of an example has.
        without: Folders that are not part of a configuration, such as the folder of reports.

    Raises:
        ConfigurationError: The folder has no Terraform file, or the configuration names a file that cannot be read.
    """
    root = folder.resolve()
    others = frozenset(path.resolve() for path in without if not root.is_relative_to(path.resolve()))
    search = _Search(root=root, project=project.resolve(), without=others, modules=[root])
    try:
        if not _has_terraform(root):
            raise ConfigurationError(
                folder=folder,
                reason="it has no *.tf.json or *.tf file",
                remedy="The fixture 'terraform_configuration' must return a folder with Terraform files.",
            )
        search.follow()
        base = Path(os.path.commonpath([root, *search.tops]))
        files = {file.relative_to(base): file for file in search.files()}
    except OSError as error:
        raise ConfigurationError(
            folder=folder,
            reason=f"{error.filename}: {error.strerror}",
            remedy="Make it readable, or do not name it in the configuration.",
        ) from error
    return Configuration(folder=root.relative_to(base), files=dict(sorted(files.items())))


@dataclass(kw_only=True)
class _Search:
    """A walk from module to module, along the paths that they name.

    Attributes:
        modules: The working directory of Terraform, and each local module.
        tops: The highest folder on each path. The path may not exist yet: an output path must stay in the copy too.
        named: The files and folders that Terraform files name.
        content: The named folders that are neither a module nor a parent of the working directory.
    """

    root: Path
    project: Path
    without: frozenset[Path]
    modules: list[Path]
    tops: set[Path] = field(default_factory=set)
    named: set[Path] = field(default_factory=set)
    content: set[Path] = field(default_factory=set)

    def follow(self) -> None:
        """Read the Terraform files of each module; the list grows while they are read."""
        for module in self.modules:
            for file in module.iterdir():
                if _matches(_NAMING_PATHS, file.name) and file.is_file():
                    for text in _texts(file.read_text(encoding="utf-8", errors="replace")):
                        self._note(text, module)

    def files(self) -> Iterator[Path]:
        """Yield each file of the configuration."""
        for start in {self.root, *self.named}:
            if start.is_dir():
                yield from self._below(start)
            elif start.is_file():
                start.open("rb").close()  # raises if it cannot be read
                yield start

    def _below(self, start: Path) -> Iterator[Path]:
        """Yield each file in a folder, except pipes, broken links and unreadable files: Terraform cannot read them."""
        waiting: list[tuple[Path, tuple[Path, ...]]] = [(start, (start.resolve(),))]
        while waiting:
            folder, parents = waiting.pop()
            for entry in list(os.scandir(folder)):
                path, real = folder / entry.name, parents[-1] / entry.name
                is_excluded = _is_never(entry.name) or real in self.without
                if entry.is_symlink():
                    real = path.resolve()
                    is_excluded |= self._is_excluded(real) or any(parent.is_relative_to(real) for parent in parents)
                if is_excluded or not os.access(path, os.R_OK):
                    continue
                if entry.is_file():
                    yield path
                elif entry.is_dir() and not _is_installed(path, is_deployed=start in self.content):
                    waiting.append((path, (*parents, real)))

    def _note(self, text: str, module: Path) -> None:
        """Resolve a path from the folder of its module and from the working directory of Terraform, and note both."""
        first, _, rest = text.partition("/")
        path = os.path.normpath(rest.lstrip("/") if first in (_MODULE, _UNKNOWN) else text)
        if path.startswith("/") or "://" in text:
            return
        known = list(takewhile(lambda part: not _DYNAMIC.search(part), path.split("/")))
        is_word = len(known) == 1 and first not in (".", "..", _MODULE, _UNKNOWN)
        is_source = first in (".", "..") and not _DYNAMIC.search(path) and _has_terraform(_joined(module, known))
        for start in {module} if is_source or first == _MODULE else {module, self.root}:
            self.tops.add(_joined(start, [part for part in known if part == ".."]))
            target = _joined(start, known)
            if target != start and self._is_copied(target, is_word=is_word):
                self.named.add(target)
                if is_source and target not in self.modules:
                    self.modules.append(target)
                elif not is_source and target.is_dir() and not self.root.is_relative_to(target.resolve()):
                    self.content.add(target)

    def _is_copied(self, target: Path, *, is_word: bool) -> bool:
        """Return whether a named path is copied. The word in `excludes = ["node_modules"]` is not content."""
        # Path.exists() raises an error if the text is too long for a name, as that of a policy is.
        if not os.path.exists(target) or self._is_excluded(target) or self._is_excluded(real := target.resolve()):  # noqa: PTH110
            return False
        if self.root.is_relative_to(real):
            return real.is_relative_to(self.project) or _has_terraform(real)
        return not (target.is_dir() and _is_installed(target, is_deployed=not is_word))

    def _is_excluded(self, path: Path) -> bool:
        below = path.relative_to(os.path.commonpath([self.root, path]))
        return any(map(_is_never, below.parts)) or any(path.is_relative_to(folder) for folder in self.without)


def _texts(text: str) -> set[str]:
    """Return each possible path in a Terraform file: the text between quotes or line ends, and each word with `..`."""
    text = _UNICODE.sub(lambda code: bytes.fromhex(code[0].replace("\\u", "")).decode("utf-16-be", "replace"), text)
    text = _VERB.sub(_UNKNOWN, _COMMENT.sub("", text).replace("${path.module}", _MODULE))
    parts = []
    # Replace the innermost braces, level by level. The text in them is searched too.
    while inner := _BRACES.findall(text):
        parts += inner
        text = _BRACES.sub(_UNKNOWN, text)
    texts = {one for part in (*parts, text) for one in _BETWEEN_TEXTS.split(part)}
    return texts | {word for one in texts for word in _BETWEEN_WORDS.split(one) if ".." in word}


def _joined(folder: Path, parts: Collection[str]) -> Path:
    return Path(os.path.normpath(folder.joinpath(*parts)))


def _has_terraform(folder: Path) -> bool:
    return os.path.isdir(folder) and any(_matches(_TERRAFORM, path.name) for path in folder.iterdir())  # noqa: PTH112 - as above


def _is_never(name: str) -> bool:
    return _matches(_NEVER, name) and not _matches(_TERRAFORM, name)


def _is_installed(folder: Path, *, is_deployed: bool) -> bool:
    """Return whether a folder is a cache (https://bford.info/cachedir/), or has dependencies that are not deployed."""
    is_cache = _matches(_CACHES, folder.name) or (folder / "CACHEDIR.TAG").is_file()
    has_dependencies = folder.name == "node_modules" or (folder / "pyvenv.cfg").is_file()
    return not is_deployed if has_dependencies else is_cache


def _matches(patterns: Collection[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)

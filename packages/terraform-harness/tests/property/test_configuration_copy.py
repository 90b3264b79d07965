"""The copy of a configuration in a random tree has the files that a naive search finds, and nothing else."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from terraform_harness.terraform.configuration import find_configuration

NEVER = {".git", ".runs", ".terraform", "terraform.tfstate", "terraform.tfstate.d", "x.tfstate.backup"}
CACHES = {".ruff_cache", "__pycache__"}
MARKERS = {"tagged": "CACHEDIR.TAG", "venv": "pyvenv.cfg"}
FOLDERS = ["a", "b", "ü d", "reports", ".git", ".runs", ".terraform", "terraform.tfstate.d", *CACHES, *MARKERS]
# The folders that may have Terraform files; Terraform runs in one of the first four.
MODULES = ["project", "project/a", "project/a/b", "outside", "project/b", "project/a/node_modules", "."]
# The forms of a path in a Terraform file.
FORMS = {
    "string": 'x = "{}"',
    "source": 'source = "./{}"',
    "module path": 'x = "${{path.module}}/{}"',
    "call": 'x = "${{file("${{path.module}}/{}")}}-y"',
    "dynamic": 'x = "${{path.module}}/{}/v-${{var.x}}.zip"',
    "pattern": 'x = fileset(path.module, "{}/*.py")',
}
FROM_MODULE = {"module path", "call", "dynamic"}

names = st.sampled_from([*FOLDERS, "node_modules", "x.zip", "y.json", "terraform.tfstate", "x.tfstate.backup"])
parents = st.lists(st.sampled_from([*FOLDERS, "node_modules"]), max_size=2)
paths = st.sampled_from(MODULES).map(Path) | st.builds(
    lambda top, parents, name: Path(top, *parents, name), st.sampled_from(MODULES), parents, names
)


@dataclass(frozen=True)
class Reference:
    """A path that the Terraform file in a folder names."""

    folder: str
    path: Path
    form: str

    @property
    def text(self) -> str:
        return os.path.relpath(self.path, self.folder)


@dataclass(frozen=True)
class Tree:
    """The files of a developer: the project, and those beside it."""

    folder: str
    files: Mapping[Path, bytes]
    links: Sequence[tuple[Path, Path]]
    references: Sequence[Reference]

    def write(self, root: Path) -> None:
        """Write the tree; files and links without a possible path are skipped."""
        for reference in (Reference(self.folder, Path("project/a/x.zip"), "string"), *self.references):
            (root / reference.folder).mkdir(parents=True, exist_ok=True)
            with (root / reference.folder / "main.tf").open("a", encoding="utf-8") as file:
                file.write(FORMS[reference.form].format(reference.text) + "\n")
        for path, content in self.files.items():
            if not any(parent.is_file() for parent in (root / path).parents) and not (root / path).is_dir():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content)
        for folder in [path for path in root.rglob("*") if path.is_dir() and path.name in MARKERS]:
            (folder / MARKERS[folder.name]).touch()
        for path, target in self.links:
            parent = (root / path).parent
            if parent.is_dir() and parent.resolve() == parent and not os.path.lexists(root / path):
                (root / path).symlink_to(os.path.relpath(root / target, parent))


trees = st.builds(
    Tree,
    folder=st.sampled_from(MODULES[:4]),
    files=st.dictionaries(paths, st.binary(max_size=3), max_size=12),
    links=st.lists(st.tuples(paths, paths), max_size=5),
    references=st.lists(
        st.builds(Reference, folder=st.sampled_from(MODULES), path=paths, form=st.sampled_from([*FORMS])), max_size=6
    ),
)


@dataclass(frozen=True)
class Naive:
    """Finds the files of a configuration in a tree, slowly, from the references instead of the Terraform files."""

    tree: Tree
    root: Path

    def files(self) -> tuple[Path, set[Path]]:
        """Return the highest folder on a path, and each file."""
        folder = self.root / self.tree.folder
        found, passed = set(self.below(folder, [], is_content=False)), {folder}
        for module, reference, starts in self.named():
            for start in starts:
                place = start
                for part in reference.text.split("/"):
                    place = place.parent if part == ".." else place / part
                    passed.add(place)
                if place != start and self.is_named(place, reference):
                    is_content = not self.is_source(module, reference) and not self.has(place, folder)
                    found |= set(self.below(place, [], is_content=is_content))
        return Path(os.path.commonpath(passed)), found

    def named(self) -> Iterator[tuple[Path, Reference, set[Path]]]:
        """Yield each reference of each module, and the folders that its path starts from."""
        folder = self.root / self.tree.folder
        modules = [folder]
        for module in modules:
            own = Reference(self.tree.folder, Path("project/a/x.zip"), "string")
            for reference in (own, *self.tree.references):
                if (self.root / reference.folder).resolve() == module.resolve():
                    is_source = self.is_source(module, reference)
                    yield (
                        module,
                        reference,
                        {module} if is_source or reference.form in FROM_MODULE else {module, folder},
                    )
                    target = Path(os.path.normpath(module / reference.text))
                    if is_source and target not in modules and self.is_named(target, reference):
                        modules.append(target)

    def is_source(self, module: Path, reference: Reference) -> bool:
        leads = reference.form == "source" or (
            reference.form == "string" and reference.text.split("/")[0] in (".", "..")
        )
        return leads and (Path(os.path.normpath(module / reference.text)) / "main.tf").is_file()

    def is_named(self, path: Path, reference: Reference) -> bool:
        """Return whether a path that exists is copied because a Terraform file names it."""
        if not path.exists() or self.is_never(path) or self.is_never(path.resolve()):
            return False
        if self.has(path, self.root / self.tree.folder):
            is_in_project = path.resolve().is_relative_to(self.root / "project")
            return is_in_project or (path / "main.tf").is_file()
        is_word = reference.form in {"string", "pattern"} and "/" not in reference.text and reference.text != ".."
        return not (path.is_dir() and (is_cache(path) or (is_word and is_dependency(path))))

    def below(self, path: Path, trail: list[Path], *, is_content: bool) -> Iterator[Path]:
        """Yield the file at a path, or the files below it; the trail is the folders on the way."""
        if path.is_file():
            yield path
        if not path.is_dir():
            return
        for child in path.iterdir():
            is_loop = child.is_symlink() and any(self.has(child, folder) for folder in (*trail, path))
            is_skipped = child.name in NEVER or self.is_never(child.resolve())
            is_installed = child.is_dir() and (is_cache(child) or (is_dependency(child) and not is_content))
            if not (is_loop or is_skipped or is_installed):
                yield from self.below(child, [*trail, path], is_content=is_content)

    def is_never(self, path: Path) -> bool:
        reports = (self.root / "project/reports").resolve()
        in_reports = path.is_relative_to(reports) and not (self.root / self.tree.folder).is_relative_to(reports)
        return in_reports or not NEVER.isdisjoint(path.parts[len(self.root.parts) :])

    @staticmethod
    def has(path: Path, folder: Path) -> bool:
        """Return whether a folder is below a path, or is the path itself."""
        return folder.resolve().is_relative_to(path.resolve())


def is_dependency(folder: Path) -> bool:
    return folder.name == "node_modules" or (folder / "pyvenv.cfg").exists()


def is_cache(folder: Path) -> bool:
    return not is_dependency(folder) and (folder.name in CACHES or (folder / "CACHEDIR.TAG").exists())


def content_of(root: Path) -> Mapping[Path, tuple[int, bytes | Path | None]]:
    """Return the time, and the bytes or the target, of everything below a folder."""
    found = {}
    for path in root.rglob("*"):
        content = path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[path.relative_to(root)] = path.lstat().st_mtime_ns, content
    return found


@settings(max_examples=500, deadline=None)
@given(tree=trees)
def test_copy_has_what_a_naive_search_finds(tree: Tree) -> None:
    with TemporaryDirectory() as name:
        # References lead upward, at most out of these.
        root = Path(name).resolve() / "1/2/3/4/5/6"
        tree.write(root)
        before = content_of(Path(name))
        base, files = Naive(tree, root).files()

        found = find_configuration(root / tree.folder, project=root / "project", without=[root / "project/reports"])
        with TemporaryDirectory() as target:
            copy = Path(target) / "copy"
            folder = found.copy_to(copy)
            copied = {path: content for path, (_, content) in content_of(copy).items() if content is not None}

        assert copied == {file.relative_to(base): file.read_bytes() for file in files}
        assert copy / (root / tree.folder).relative_to(base) == folder
        assert content_of(Path(name)) == before

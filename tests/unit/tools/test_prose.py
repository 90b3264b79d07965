"""The prose check: each habit is found, plain sentences pass, and the allow list works."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tools.prose import __main__ as command
from tools.prose.checking import Allowed, Finding, allow_list, files, findings, judge

FINDING = Finding(
    path="page.md", line=2, words="is no number", excerpt="the port is no number.", hint="negate the verb"
)


def hints(folder: Path, content: str, name: str = "page.md") -> list[tuple[int, str]]:
    (folder / name).write_text(content)
    return [(finding.line, finding.words) for finding in findings([folder / name], folder)]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The port is no number.", "is no number"),
        ("A number is none that is positive.", "is none"),
        ("It was deployed by somebody.", "somebody"),
        ("Nobody reads it.", "Nobody"),
        ("Whoever takes it reads this.", "Whoever"),
        ("Two hours, each of which is billed.", "of which"),
        ("The order in which they arrive.", "in which"),
        ("The key by which it is found.", "by which"),
        ("It fails for want of a name.", "for want of"),
        ("The function knows nothing of CDKTF.", "knows nothing"),
        ("One period is normal. So is a period of an hour.", "So is a"),
        ("The outcome shows what became of it.", "what became of"),
        ("Who reads data is CloudTrail's to say.", "'s to say"),
        ("The alarm rings.", "rings"),
        ("A subscriber hears of it.", "hears"),
        ("A retry mends it.", "mends"),
        ("The retention is over.", "is over"),
        ("The client gives up after ten calls.", "gives up"),
        ("Delete what is left.", "is left"),
        ("It is described in words.", "in words"),
        ("The callback tells the worker.", "tells"),
        ("LocalStack stops and says so.", "says so"),
        ("The sweep ends every run.", "ends every"),
        ("Delete the queue by hand.", "by hand"),
        ("The record is set aside.", "set aside"),
        ("Wait until the deployment has settled.", "settled"),
        ("It answered as if all were well.", "all were well"),
        ("The test stands beside its module.", "stands beside"),
        ("The metric vouches for it.", "vouches"),
        ("The guardian kills it.", "guardian"),
        ("Setbacks are counted.", "Setbacks"),
    ],
)
def test_each_habit_is_found_once(tmp_path: Path, sentence: str, words: str) -> None:
    assert hints(tmp_path, f"# Page\n\n{sentence}\n") == [(3, words)]


@pytest.mark.parametrize(
    "sentence",
    [
        "There is no limit, and it is no longer documented.",
        "The pipeline has no internet gateway. It is no more than 38 digits.",
        "None of the records is lost.",
        "There are over 200 tests; the count is over 200.",
        "The option is left empty, and the table is left alone.",
        "The error message says what happened, where, and what to do next.",
        "At the end all resources are destroyed. The end of the run is logged.",
        "The alarm goes to ALARM and notifies the subscriber.",
        "So far no resource was created.",
        "Tests tell apart a hang and a slow call: `is no number` is code.",
        "See [the page](https://example.com/is over/) and https://example.com/rings-of-which.",
    ],
)
def test_plain_sentences_pass(tmp_path: Path, sentence: str) -> None:
    assert hints(tmp_path, sentence) == []


def test_habit_is_found_across_lines(tmp_path: Path) -> None:
    assert hints(tmp_path, "# Page\n\nThe order in\nwhich they arrive.\n") == [(3, "in which")]


def test_code_blocks_of_a_page_are_not_read(tmp_path: Path) -> None:
    page = "Run it:\n\n```sh\nmake demo  # rings\n```\n\nThe alarm rings.\n"

    assert hints(tmp_path, page) == [(7, "rings")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param('"""What the module does."""\n', [(1, "What")], id="docstring of a module"),
        pytest.param('class Alarm:\n    """How it works."""\n', [(2, "How")], id="docstring of a class"),
        pytest.param('def state():\n    """The state."""\n', [(2, "The")], id="noun as docstring of a function"),
        pytest.param('def state():\n    """Return it.\n\n    It rings.\n    """\n', [(4, "rings")], id="body"),
        pytest.param('@property\ndef state():\n    """The state."""\n', [], id="noun as docstring of a property"),
        pytest.param('@fixture\ndef state():\n    """The state."""\n', [], id="noun as docstring of a fixture"),
        pytest.param("x = 1\n# What it counts.\n", [(2, "What")], id="comment that begins with a clause"),
        pytest.param("# The order in\n# which they arrive.\n", [(1, "in which")], id="comment of two lines"),
        pytest.param("x = 1  # noqa: E1 - nobody reads it\n", [(1, "nobody")], id="reason of a suppression"),
        pytest.param("x = 1  # type: ignore[no-any-return]\n", [], id="directive without a reason"),
        pytest.param('raise E(\n    f"Port {port} "\n    "is no number."\n)\n', [(2, "is no number")], id="message"),
        pytest.param('x = "one\\ntwo\\nthree"; y = "the alarm rings"\n', [(1, "rings")], id="escaped line breaks"),
        pytest.param('x = "rings"; y = "it-rings-twice"\n', [], id="strings that are not sentences"),
        pytest.param("def test_alarm_rings(): ...\n", [(1, "rings")], id="test name"),
        pytest.param("def test_is_none(): assert x is None\n", [(1, "is none")], id="code is not read"),
    ],
)
def test_passages_of_python(tmp_path: Path, source: str, found: list[tuple[int, str]]) -> None:
    assert hints(tmp_path, source, "module.py") == found


def test_comments_of_other_files_are_read(tmp_path: Path) -> None:
    assert hints(tmp_path, "name: rings  # nobody reads it\n", "ci.yml") == [(1, "nobody")]


@pytest.mark.parametrize(("length", "problems"), [(70, 0), (71, 1)])
def test_test_name_has_at_most_70_characters(tmp_path: Path, length: int, problems: int) -> None:
    name = f"test_{'x' * (length - 5)}"

    found = hints(tmp_path, f"def {name}(): ...\n", "test_module.py")

    assert found == [(1, name)] * problems


def test_finding_shows_place_words_and_hint(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    page.write_text("# Page\n\nThe alarm rings.\n")

    (finding,) = findings([page], tmp_path)

    assert str(finding) == "docs/page.md:3: # Page The alarm rings. -> an alarm 'goes to ALARM'"


def test_generated_files_are_not_read(tmp_path: Path) -> None:
    for name in ("page.md", "cdktf.out/page.md", ".venv/page.md", "node_modules/page.md", ".github/ci.yml", "Makefile"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert {path.relative_to(tmp_path).as_posix() for path in files(tmp_path)} == {
        "page.md",
        ".github/ci.yml",
        "Makefile",
    }


@pytest.mark.parametrize(
    ("path", "text", "problems"),
    [
        pytest.param("page.md", "port is no number", [], id="the passage is allowed"),
        pytest.param(
            "page.md",
            "the topic is no number",
            [
                "page.md:2: the port is no number. -> negate the verb",
                "page.md: the allow list has 'the topic is no number', which is not found -> remove the entry",
            ],
            id="another passage is allowed",
        ),
        pytest.param(
            "other.md", "port is no number", ["page.md:2: the port is no number. -> negate the verb"], id="other file"
        ),
    ],
)
def test_allow_list_covers_a_passage_of_a_file(path: str, text: str, problems: list[str]) -> None:
    entry = Allowed(path=path, text=text, reason="a quotation")

    assert list(judge([FINDING], [entry], ["page.md"])) == problems


def test_entry_that_allows_nothing_is_a_problem() -> None:
    entry = Allowed(path="page.md", text="port is no number", reason="a quotation")

    assert list(judge([], [entry], ["page.md"])) == [
        "page.md: the allow list has 'port is no number', which is not found -> remove the entry"
    ]


def test_entry_without_text_covers_its_file() -> None:
    entries = [Allowed(path=path, reason="examples of the habits") for path in ("page.md", "other.md")]

    assert list(judge([FINDING], entries, ["page.md", "other.md"])) == [
        "other.md: the allow list has the whole file, which is not found -> remove the entry"
    ]


def test_every_allowed_passage_has_a_reason() -> None:
    assert [entry for entry in allow_list(command.ALLOW_LIST) if not entry.reason.strip()] == []


def test_command_lists_problems_with_exit_code_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "PROJECT", tmp_path)
    monkeypatch.setattr(command, "ALLOW_LIST", tmp_path / "allowed.toml")
    (tmp_path / "allowed.toml").touch()
    (tmp_path / "page.md").write_text("The alarm rings.\n")

    finished = CliRunner().invoke(command.app, [str(tmp_path)])

    assert finished.exit_code == 1
    assert finished.stdout == "page.md:1: The alarm rings. -> an alarm 'goes to ALARM'\n"
    assert finished.stderr == "1 problem. Reword it, or add it to allowed.toml with a reason.\n"


def test_entry_for_a_missing_file_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "PROJECT", tmp_path)
    monkeypatch.setattr(command, "ALLOW_LIST", tmp_path / "allowed.toml")
    (tmp_path / "allowed.toml").write_text('[[allowed]]\npath = "old.md"\ntext = "rings"\nreason = "a quotation"\n')

    assert command.check([tmp_path]) == [
        "old.md: the allow list has 'rings', which is not found -> remove the entry",
    ]

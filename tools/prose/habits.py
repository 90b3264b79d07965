"""The habits that the prose check reports, each with a hint for the author."""

import re
from dataclasses import dataclass

from tools.prose.passages import Kind

_ALL = frozenset[Kind](("page", "docstring", "function docstring", "comment", "message", "test name"))
_DOCSTRINGS = frozenset[Kind](("docstring", "function docstring"))
_FUNCTIONS = frozenset[Kind](("function docstring",))
_COMMENTS = frozenset[Kind](("comment",))


@dataclass(frozen=True, slots=True)
class Habit:
    """A pattern of words; a space in it matches any white space, and case does not matter."""

    words: str
    hint: str
    kinds: frozenset[Kind] = _ALL

    def pattern(self) -> re.Pattern[str]:
        """Compile the pattern."""
        return re.compile(self.words.replace(" ", r"\s+"), re.IGNORECASE)


SENTENCES = (
    Habit(
        r"(?<!\bthere\s)(?<!\bit\s)\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|fewer\b|later\b|earlier\b)\w+",
        "negate the verb: 'is not ...', 'has no ...'",
    ),
    Habit(r"\b(?:is|are|was|were) (?-i:none)\b(?! of)|\bnone (?:that|which|is|are)\b", "negate the verb: 'is not ...'"),
    Habit(
        r"\b(?:nobody|somebody|anybody|everybody|no one|someone|anyone|everyone|whoever|whosoever)\b",
        "name the person or the process: the user, the caller, another session",
    ),
    Habit(
        r"\b(?:after|against|among|at|behind|between|by|for|from|in|into|of|on|onto|over|through|to|under|with|within|without)"
        r" (?:which|whom|whose)\b",
        "split the sentence, or use 'that', 'where' or 'whose' as its subject",
    ),
    Habit(r"\bfor want of\b", "use 'because ... is missing'"),
    Habit(r"\b(?:knows?|knew) (?:no|nothing)\b", "use 'does not support', 'does not import' or 'has no'"),
    Habit(
        r"\bso (?:is|are|does|do|has|have|was|were) (?:the|an?|its?|their|th[ei]se?|those|each|every)\b",
        "repeat the verb",
    ),
    Habit(r"\bwhat (?:becomes|became) of\b", "name it: the outcome, the result"),
    Habit(r"'s (?:to (?:say|tell|decide)|business|concern)\b", "use a verb: '... decides', '... records'"),
)

OPENINGS = (
    Habit(
        r"\A\s*(?:how|that|what|when|where|which|whose|who|why)\b",
        "begin with a verb (function) or a noun (class, module)",
        _DOCSTRINGS,
    ),
    Habit(r"\A\s*(?:how|what|which|whose|who)\b(?![^.]*\?)", "begin the comment with a noun or a verb", _COMMENTS),
    Habit(
        r"\A\s*(?:all|an?|each|every|no|nothing|one|the|whether)\b",
        "begin with a verb: 'Return ...', 'Yield ...', 'Check ...'",
        _FUNCTIONS,
    ),
)

PARAPHRASES = (
    Habit(r"\b(?:rings?|rang|ringing)\b", "an alarm 'goes to ALARM'"),
    Habit(r"\b(?:hears?|heard)\b", "use 'is notified' or 'receives'"),
    Habit(r"\bmend(?:s|ed|ing)?\b", "use 'fix'"),
    Habit(r"\b(?:is|are|was|were|be) over\b(?! \d)", "use 'has expired', 'has ended' or 'is exceeded'"),
    Habit(r"\b(?:gives?|gave|giving) up\b", "use 'exhausts its retries' or 'stops'"),
    Habit(
        r"\b(?:is|are|was|were|be|what|nothing|anything|something) (?:still |yet )?left\b"
        r"(?! (?:alone|as|behind|empty|open|out|over|running|unchanged|unset|untouched)\b)",
        "use 'remains', 'leftover resources' or 'still exists'",
    ),
    Habit(r"\bin words\b", "use 'as text' or name the format"),
    Habit(r"\b(?:tells?|told|telling)\b(?! apart\b)", "use 'pass', 'report', 'notify' or 'show'"),
    Habit(r"\b(?:says?|said|saying) (?:so|of|nothing)\b", "use 'report', 'state' or 'mean'"),
    Habit(
        r"(?<!\bthe\s)(?<!\ban\s)\bend(?:s|ed|ing)? "
        r"(?:what|everything|the run|a run|runs?|this|it|them|all|every|LocalStack)\b",
        "use 'tear down', 'destroy' or 'stop'",
    ),
    Habit(r"\bby hand\b", "use 'manually'"),
    Habit(r"\bset aside\b", "use 'quarantined' or 'reserved'"),
    Habit(r"\bsettle[sd]?\b|\bsettling\b", "use 'process', 'mark clean' or 'stabilize'"),
    Habit(r"\ball (?:is|are|was|were) well\b", "name the state: no error, no finding, healthy"),
    Habit(r"\bstands? (?:in|there|beside|once|at|below|under|where|inside)\b", "use 'is'"),
    Habit(r"\bvouch(?:es|ed)?\b", "use 'confirm'"),
    Habit(r"\b(?:guardian|keeper|tether)s?\b", "use 'supervisor', 'detached process' or 'parent-death signal'"),
    Habit(r"\bsetbacks?\b", "use 'transient failures'"),
)

HABITS = (*SENTENCES, *OPENINGS, *PARAPHRASES)
LONGEST_TEST_NAME = 70

"""Words, sentences and the cleaned sentence that is shown: plain rules, the same in the Java runtime.

A *sentence* is what the encoder reads (raw, as spoken); its *cleaned* form is what a summary shows and what ROUGE sees.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterable, NamedTuple

MAX_SENTENCE_WORDS = 40
EARLIEST_CUT_WORDS = 20

TOKEN = re.compile(r"[^\W_]+")
END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)")

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st vs etc e.g i.e eg ie jr sr inc ltd co corp approx fig figs eq sec no vol al cf dept est min max".split()
) - {"no", "min", "max", "etc", "co", "sec"}

STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being but by can could d did do does doing don
    down for from get go going gonna got had has have having he her here him his how i if in into is it its just kind know let
    like ll m maybe me mean mm more my no not now of off oh ok okay on one only or other our out over really re right s say
    see she should so some something sort t than that the their them then there these they thing things think this those to
    too uh um up us ve very want was we well were what when where which who why will with would yeah yes you your""".split()
)

FILLERS = frozenset("um umm uhm uh uhh er erm hm hmm hmmm mm mmm mhm mm-hmm mm-hm mmhmm uh-huh uh-hm ah eh".split())
PARENTHETICALS = frozenset({("you", "know"), ("i", "mean")})
DOUBLES = frozenset("that had very really no yes bye many more far so long much".split())
NUMBERS = frozenset("zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred".split())
LEADS = frozenset("so and yeah yep yes okay ok alright oh well right now anyway".split())
BARE_LEADS = frozenset("so and yeah okay ok oh".split())
STARTERS = frozenset(
    """i we you they it he she this that these those there the our my your if when what i'm i'll i've i'd we're we'll we've we'd
    you're you'll you've they're they'll it's that's there's he's she's let's then first second also now at in on for with after as another one both
    all""".split()
)
ENDINGS = frozenset(
    """s es d ed r er ers ing ings ly al y n en 's able ment ness ful less base bases line lines time times thing body one where how how's what ever
    self""".split()
)
"""What makes a longer word of a whole one: "work works" may be meant, "actu actually" is not."""
SHORT_WORDS = frozenset(
    """a i ad ah am an as at be by do eh ex go ha he hi id if in is it me mr ms my no of oh ok on or pi re so st to tv uh uk un up us vs
    we am pm km kg cm mm gb mb kb hz db ui ux ai ml ip pc os ma pa""".split()
)

RESTARTS = frozenset("and but so because if then or it's that's there's we're they're we they".split())
LATEST_RESTART, SHORTEST_RESTART = 8, 5
DANGLING = frozenset("and or but because a an the if than my your our their it's i'm we're they're you're there's".split())
SUBJECTS = frozenset("i we they he she".split())
BEFORE_SUBJECTS = frozenset("than as am are do did does was were can could will would should have has had is nor neither so like and".split())
COMMON_PREFIXES = SHORT_WORDS | frozenset(
    "the for not any can out all our but one two may her his has had was are who how now new see say use way day its let too she you and own off old few put got get did six ten".split()
)


def words(text: str) -> list[str]:
    """Maximal runs of letters, digits or apostrophes with at least one letter or digit: the unit of every budget."""
    return [run for run in re.findall(r"(?:[^\W_]|['’])+", text) if any(c.isalnum() for c in run)]


def content_words(text: str) -> list[str]:
    """Lower-cased alphanumeric runs that are not stop words, in order, repetitions included."""
    return [token for token in TOKEN.findall(text.lower()) if token not in STOP_WORDS]


class Sentence(NamedTuple):
    """One sentence and the inclusive range of source chunks it was said in."""

    text: str
    first_chunk: int
    last_chunk: int


def sentences(chunks: Iterable[tuple[str | None, str]]) -> list[Sentence]:
    """Splits (speaker, text) chunks into sentences: chunks of one speaker are joined, a speaker change ends the sentence."""
    result: list[Sentence] = []
    run: list[tuple[int, str]] = []
    speaker: str | None = None
    for index, (who, text) in enumerate(chunks):
        text = " ".join(text.split())
        if not text:
            continue
        if run and who != speaker:
            result.extend(_split(run))
            run = []
        speaker = who
        run.append((index, text))
    if run:
        result.extend(_split(run))
    return result


def _split(run: list[tuple[int, str]]) -> list[Sentence]:
    """Sentences of one speaker's run of (chunk index, text)."""
    starts: list[tuple[int, int]] = []
    position = 0
    for index, text in run:
        starts.append((position, index))
        position += len(text) + 1
    joined = " ".join(text for _, text in run)

    def chunk_at(offset: int) -> int:
        found = starts[0][1]
        for start, index in starts:
            if start > offset:
                break
            found = index
        return found

    result = []
    begin = 0
    for end in _ends(joined):
        for left, right in _cut(joined, begin, end):
            piece = joined[left:right].strip()
            if words(piece):
                result.append(Sentence(piece, chunk_at(left), chunk_at(right - 1)))
        begin = end
    return result


def _ends(text: str) -> list[int]:
    ends = []
    for match in END.finditer(text):
        mark = match.group()
        if mark[0] == "." and len(mark.rstrip("\"'”’»)]")) == 1:
            before = re.search(r"[^\s(\[\"“]*$", text[: match.start()])
            word = before.group() if before else ""
            if word.lower() in ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I"):
                continue
        ends.append(match.end())
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends


def _cut(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Cuts text[begin:end] so that no piece has more than 40 whitespace-separated words."""
    pieces = []
    while True:
        tokens = list(re.finditer(r"\S+", text[begin:end]))
        if len(tokens) <= MAX_SENTENCE_WORDS:
            pieces.append((begin, end))
            return pieces
        cut = MAX_SENTENCE_WORDS
        for count in range(MAX_SENTENCE_WORDS, EARLIEST_CUT_WORDS - 1, -1):
            if tokens[count - 1].group()[-1] in ",;-–—":
                cut = count
                break
        middle = begin + tokens[cut - 1].end()
        pieces.append((begin, middle))
        begin = middle


def _core(token: str) -> str:
    """A token in lower case without the punctuation around it."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", token.lower().replace("’", "'"))


def clean(text: str) -> str:
    """The sentence as it is shown: notes in brackets, fillers, false starts, repetitions and opening particles removed by rule.

    Returns an empty string when nothing is left.
    """
    return _clean(text)


@lru_cache(maxsize=1 << 18)
def _clean(text: str) -> str:
    text = re.sub(r"\{[^}]*\}|\[[^\]]*\]|<[^>]*>|@[^@]{0,20}@", " ", text)
    text = re.sub(r"(?<=[^\W_]) ['’] (?=(?:ve|s|re|ll|d|m|t)\b)", "'", text)
    text = re.sub(r"(?<=[A-Z])_+|(?<!\S)_(?!\S)", "", text)
    last = text.rstrip()[-1:]
    tokens = text.split()
    tokens = [t for t in tokens if _core(t) or t in ("-", "–", "—")]
    tokens = _drop_fillers(tokens)
    tokens = _drop_parentheticals(tokens)
    tokens = _drop_fragments(tokens)
    tokens = _drop_repetitions(tokens)
    tokens = _drop_abandoned(tokens)
    tokens = _drop_leads(tokens)
    tokens = _drop_dangling(tokens)
    while tokens and not _core(tokens[0]):
        tokens = tokens[1:]
    while tokens and not _core(tokens[-1]):
        tokens = tokens[:-1]
    if not tokens:
        return ""
    shown = " ".join(tokens).rstrip(",;:-–— ")
    if shown[-1] not in ".!?…\"”')]":
        shown += last if last and last in "?!" else "."
    for i, c in enumerate(shown):
        if c.isalnum():
            return shown[:i] + c.upper() + shown[i + 1 :]
    return shown


def _drop_fillers(tokens: list[str]) -> list[str]:
    kept: list[str] = []
    for i, token in enumerate(tokens):
        core = _core(token)
        number_before = bool(kept) and _core(kept[-1]).isdigit()
        dash_in_filler = not core and kept == [] and i + 1 < len(tokens)
        if (core in FILLERS and not (core == "mm" and number_before)) or dash_in_filler:
            continue
        kept.append(token)
    return kept


def _drop_parentheticals(tokens: list[str]) -> list[str]:
    kept: list[str] = []
    i = 0
    while i < len(tokens):
        pair = tuple(_core(t) for t in tokens[i : i + 2])
        opens = not kept or kept[-1].endswith(",")
        closes = i + 2 >= len(tokens) or tokens[i + 1].endswith(",")
        if pair in PARENTHETICALS and opens and closes and not tokens[i].endswith(","):
            i += 2
            continue
        kept.append(tokens[i])
        i += 1
    return kept


def _drop_fragments(tokens: list[str]) -> list[str]:
    """Words broken off: 'remo-', and lower-case runs of one or two letters that are no English word."""
    kept = []
    for token in tokens:
        core = _core(token)
        broken = len(core) > 0 and token[-1] in "-–—" and core.isalpha() and token[:1].isalpha()
        short = 0 < len(core) <= 2 and core.isalpha() and core.isascii() and token[:1].islower() and core not in SHORT_WORDS
        if not (broken and len(core) <= 4) and not short:
            kept.append(token)
    return kept


def _drop_repetitions(tokens: list[str]) -> list[str]:
    """'the the', 'there was there was', 'I I'll', 'wh what': the first saying goes."""
    changed = True
    while changed:
        changed = False
        cores = [_core(t) for t in tokens]
        for size in (4, 3, 2, 1):
            for i in range(len(tokens) - 2 * size + 1):
                first, second = cores[i : i + size], cores[i + size : i + 2 * size]
                if not all(first) or all(c.isdigit() or c in NUMBERS for c in first):
                    continue
                if size == 1:
                    a, b = first[0], second[0]
                    same = a == b and a not in DOUBLES
                    contracted = b.startswith(a + "'")
                    broken = len(a) <= 3 and len(b) > len(a) and b.startswith(a) and a not in COMMON_PREFIXES and a.isalpha() and tokens[i].islower()
                    begun = len(a) > 3 and len(b) > len(a) and b.startswith(a) and b[len(a) :] not in ENDINGS and tokens[i].isalpha() and not tokens[i].isupper()
                    drop = same or contracted or broken or begun
                else:
                    drop = first == second
                if drop:
                    tokens = tokens[:i] + tokens[i + size :]
                    changed = True
                    break
            if changed:
                break
    return tokens


def _drop_leads(tokens: list[str]) -> list[str]:
    while len(tokens) > 4:
        core = _core(tokens[0])
        if core == "like" and tokens[0].endswith(",") or core in LEADS and (tokens[0].endswith(",") or (core in BARE_LEADS and _core(tokens[1]) in STARTERS)):
            tokens = tokens[1:]
        else:
            break
    return tokens


def _drop_abandoned(tokens: list[str]) -> list[str]:
    """'There is It's their complete system': a transcriber's capital in the middle says that the speaker began anew."""
    for i in range(min(LATEST_RESTART, len(tokens) - SHORTEST_RESTART), 0, -1):
        token, after = tokens[i], tokens[i + 1]
        titled = (i > 1 and tokens[i - 1][:1].isupper() and _core(tokens[i - 1])[:2] not in ("i", "i'")) or (after[:1].isupper() and _core(after)[:2] not in ("i", "i'"))
        if token[0].isupper() and not token.isupper() and _core(token) in RESTARTS and not titled:
            return tokens[i:]
    return tokens


def _drop_dangling(tokens: list[str]) -> list[str]:
    """'the new requirements we.': nobody ends a sentence with such a word, the speaker stopped there."""
    while len(tokens) > 4:
        last, before = _core(tokens[-1]), _core(tokens[-2])
        if last in DANGLING or (last in SUBJECTS and before not in BEFORE_SUBJECTS):
            tokens = tokens[:-1]
        else:
            break
    return tokens

"""Sentences that state something, and those that leave a reader with nothing (mirrored in Java: io.gistream.summary.Statement).

A statement has a main clause of its own: a subject pronoun or a finite verb that no "that", "which" or "because" has taken for a subordinate one. No
statements are questions, what was broken off, fragments, greetings and thanks, and what was garbled in speaking ("the we will").
By English function words; where there are none, no sentence is a statement and all are worth the same.
"""

from __future__ import annotations

import re

from .text import content_words

SUBSTANCE = 3
"""A greeting with at least so much more to say is more than a greeting."""
CLOSERS = "\"”’')]» "
CONNECTIVES = frozenset("and but so or then also well now".split())
"""What a sentence may begin with before it begins."""
SUBJECTS = frozenset("i we you they he she it".split())
AUXILIARIES = frozenset(
    """am is are was were has have had do does did will would can could should shall may might must cannot need needs want wants let re ve ll d m t""".split()
)
"""Finite verbs that are hardly ever anything else, or what is left of them behind an apostrophe."""
CONTRACTED = frozenset("it that there he she what who here let where this how everything everybody everyone somebody someone nobody nothing".split())
"""Behind these an "s" is a verb; behind a name it is a genitive."""
REMNANTS = frozenset("d m ll ve re t".split())
"""They are verbs behind a pronoun, and "t" behind "don", but no part of "R&D"."""
BEHIND_GENITIVE = frozenset("a the not going gonna been got".split())
"""Behind one of these, or behind a word in -ing, it is a verb even after a name."""
VERBS = frozenset(
    """said says means meant made makes went goes took takes got gets came comes gave gives told saw felt became began brought wrote lost paid ran led held
    sent built showed shows sold won spoke thought thinks knew knows works worked looks looked seems seemed includes included depends requires required
    happens happened exists contains allows causes caused helps helped supports remains stays becomes appears uses agreed decided proposed asked announced
    suggested wanted needed started stopped moved died broke fell grew rose expects plans hopes believes found""".split()
)
"""Finite verbs, behind their subject."""
NO_VERBS = frozenset("based related called named compared combined united limited advanced detailed indeed hundred speed feed need seed embed supposed".split())
"""Words in -ed that are seldom the verb of a sentence."""
DETERMINERS = frozenset("the a an my your his her our their its this these those no any some every each another to of in on for with from by and or".split())
LINKS = frozenset("that which who what whose where when how why whether if because while although though since unless until as after before than once".split())
"""Open a subordinate clause: the subject or verb next to one is that clause's."""
PREPOSITIONS = frozenset("after before in of on with for from by to at about than like since during under over".split())
"""Before them "that" is a pronoun."""
OBJECTS = frozenset("it you".split())
"""Subjects that are objects as well."""
OPENERS = frozenset("how which who whose where if because when while although though unless whether why once".split())
"""A sentence that begins with one needs another clause."""
ASKING = frozenset("what which who where when why how whose".split())
ASKED = frozenset("is are was were do does did can could will would should shall have has had am".split())
ADDRESSED = SUBJECTS | frozenset("there that this these those the any anybody anyone anything everybody everyone your our my".split())
ARTICLES = frozenset("the a an my your our their".split())
AFTER_NO_ARTICLE = frozenset(
    """the a an i we you he she they it is are was were am be been has have had will would can could should must of at in on for from with by to and but or if
    because my your our their its this these those there""".split()
)
SURE_SUBJECTS = frozenset("i we they he she".split())
AFTER_NO_SUBJECT = frozenset("the a an of at in on for from with about by into this these those my your our their his its is i we you they he she it it's".split())
BE_FORMS = frozenset("am are was were".split())
CONTRACTIONS = frozenset("it's i'm we're they're you're he's she's there's i'll we'll they'll".split())
COURTESIES = frozenset(
    """thank thanks hello hi hey welcome good morning afternoon evening day everyone everybody guys folks bye goodbye please sorry cheers great
    awesome perfect wonderful fantastic excellent nice cool sure absolutely exactly fine appreciate appreciated much indeed lot mr mrs ms chair sir
    madam ladies gentlemen""".split()
)
POINTERS = frozenset("it he she they that these those".split())
"""At the head of a sentence they stand for something said before."""
POINTED = AUXILIARIES | VERBS | {"s", "just", "also", "really", "only", "still", "always", "probably", "actually", "basically"}
GREETINGS = frozenset("thank thanks hello hi hey welcome morning afternoon evening bye goodbye sorry cheers appreciate appreciated".split())
WORD_OR_MARK = re.compile(r"[^\W_]+|[,;:.!?…–—]")


def is_statement(shown: str) -> bool:
    """Whether a sentence, as shown, states something."""
    words = WORD_OR_MARK.findall(shown.lower())
    return not is_broken_off(shown) and not _is_question(shown, words) and has_main_clause(words) and not _is_garbled(shown) and not _is_courtesy(shown)


def is_broken_off(shown: str) -> bool:
    """Whether the speaker, or who wrote it down, left it open: "They'll be…"."""
    return shown.rstrip(CLOSERS).endswith(("…", "..."))


def is_unresolved(shown: str) -> bool:
    """Whether it begins with a pronoun whose noun is in another sentence: "It was merged." """
    words = WORD_OR_MARK.findall(shown.lower())
    at = _first(words)
    return at < len(words) and words[at] in POINTERS and (words[at] in SUBJECTS or (at + 1 < len(words) and words[at + 1] in POINTED))


def _first(words: list[str]) -> int:
    """Where a sentence begins behind its "and so"."""
    at = 0
    while at < len(words) - 1 and words[at] in CONNECTIVES:
        at += 1
    return at


def _is_question(shown: str, words: list[str]) -> bool:
    if shown.rstrip(CLOSERS).endswith("?"):
        return True
    at = _first(words)
    first, second, third = (words[i] if i < len(words) else "" for i in (at, at + 1, at + 2))
    return (first in ASKED and second in ADDRESSED) or (first in ASKING and second in ASKED and third in ADDRESSED)


def has_main_clause(words: list[str]) -> bool:
    """`words`: with the marks between them, as `WORD_OR_MARK` finds them."""
    first = _first(words)
    second = words[first + 1] if first + 1 < len(words) else ""
    owed = 1 if words and (words[first] in OPENERS or (words[first] == "that" and second in DETERMINERS)) else 0
    clauses = 0
    at = first
    while at < len(words):
        word, before, after = words[at], words[at - 1] if at > first else "", words[at + 1] if at + 1 < len(words) else ""
        if word == "," and owed:
            owed = clauses = 0
        linked = before in LINKS and not (before == "that" and at > first + 1 and words[at - 2] in PREPOSITIONS)
        if word in OBJECTS and (before in PREPOSITIONS or before.endswith("ing")):
            at += 1
            continue
        if word in SUBJECTS:
            if linked:
                owed = owed if clauses else 0
            else:
                clauses += 1
            at += 2 if linked or after in AUXILIARIES or after == "s" else 1
            continue
        if at > first and _is_finite(word, before, after, linked, at - first):
            clauses += 1
        at += 1
    return clauses > owed


def _is_finite(word: str, before: str, after: str, linked: bool, place: int) -> bool:
    if before == "to":
        return False
    if word in REMNANTS and not (before in CONTRACTED or (word == "t" and before.endswith("n"))):
        return False
    if word in AUXILIARIES:
        return not linked or before == "what" or (before == "that" and place == 1)
    if word == "s":
        return before in CONTRACTED or after in BEHIND_GENITIVE or after.endswith("ing")
    if linked and not (before == "that" and place == 1):
        return False
    follows = after.isalnum() and after != "by"
    if word in VERBS:
        return follows and before.isalnum() and before not in DETERMINERS
    past = word.endswith("ed") and len(word) > 4 and word not in NO_VERBS and before not in AUXILIARIES and not before.endswith("ly")
    return past and follows and after not in PREPOSITIONS and after != "as" and before.isalnum() and before not in DETERMINERS


def _is_garbled(shown: str) -> bool:
    """Two words in a row that nobody writes in a row, without a mark between: "the we will", "I this is"."""
    tokens = [t if len(t) > 1 and t.isupper() else t.lower() for t in shown.replace("’", "'").split()]
    return any(
        (a in ARTICLES and b in AFTER_NO_ARTICLE) or (a in SURE_SUBJECTS and b in AFTER_NO_SUBJECT) or (a in BE_FORMS and b in CONTRACTIONS)
        for a, b in zip(tokens, tokens[1:])
    )


def _is_courtesy(shown: str) -> bool:
    content = set(content_words(shown))
    substance = len(content - COURTESIES)
    return substance < len(content) and substance < (SUBSTANCE if content & GREETINGS else 2)

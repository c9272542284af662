"""Sentences that state something, and those that leave a reader with nothing (mirrored in Java: io.gistream.summary.Statement).

Questions, what was broken off, fragments without a clause, greetings and thanks. By English function words; where there are none, no sentence is a
statement and all are worth the same.
"""

from __future__ import annotations

from .text import TOKEN, content_words

SUBSTANCE = 3
"""A greeting with at least so much more to say is more than a greeting."""
CLOSERS = "\"”’')]» "
CLAUSE = frozenset(
    """i we you they he she it there who am is are was were has have had do does did will would can could should shall may might must cannot
    need needs want wants let s re ve ll d m t""".split()
)
"""Subjects and auxiliaries, or what is left of them behind an apostrophe."""
COURTESIES = frozenset(
    """thank thanks hello hi hey welcome good morning afternoon evening day everyone everybody guys folks bye goodbye please sorry cheers great
    awesome perfect wonderful fantastic excellent nice cool sure absolutely exactly fine appreciate appreciated much indeed lot mr mrs ms chair sir
    madam ladies gentlemen""".split()
)


def is_statement(shown: str) -> bool:
    """Whether a sentence, as shown, states something."""
    question = shown.rstrip(CLOSERS).endswith("?")
    return not is_broken_off(shown) and not question and not CLAUSE.isdisjoint(TOKEN.findall(shown.lower())) and not _is_courtesy(shown)


def is_broken_off(shown: str) -> bool:
    """Whether the speaker, or who wrote it down, left it open: "They'll be…"."""
    return shown.rstrip(CLOSERS).endswith(("…", "..."))


def _is_courtesy(shown: str) -> bool:
    content = set(content_words(shown))
    substance = len(content - COURTESIES)
    return substance < len(content) and substance < SUBSTANCE

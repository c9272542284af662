import random

import pytest

from srformer import text
from srformer.selection import RollingSummary, SelectionConfig
from srformer.statements import is_broken_off, is_statement, is_unresolved

PLAIN = SelectionConfig(redundancy=0.6, minContentWords=2, hysteresis=0.0)


def test_the_best_sentences_that_fit_are_shown_in_talk_order():
    summary = RollingSummary(PLAIN, budget=8)
    shown = summary.add(["Alpha beta gamma delta.", "Kappa lambda omega sigma.", "Red green blue yellow."], [1.0, 3.0, 2.0])
    assert shown == ["Kappa lambda omega sigma.", "Red green blue yellow."]


def test_of_equal_salience_the_earlier_sentence_wins():
    summary = RollingSummary(PLAIN, budget=4)
    assert summary.add(["Alpha beta gamma delta.", "Kappa lambda omega sigma."], [1.0, 1.0]) == ["Alpha beta gamma delta."]


def test_a_sentence_that_repeats_what_is_taken_is_passed_over():
    summary = RollingSummary(PLAIN, budget=12)
    shown = summary.add(["The battery modem failed.", "Modem battery failed again today.", "Bridge gauge offline tuesday."], [3.0, 2.0, 1.0])
    assert shown == ["The battery modem failed.", "Bridge gauge offline tuesday."]


def test_a_sentence_too_long_for_what_is_left_is_skipped_not_cut():
    summary = RollingSummary(PLAIN, budget=6)
    shown = summary.add(["Alpha beta gamma delta.", "One big red long wooden house.", "Kappa lambda."], [3.0, 2.0, 1.0])
    assert shown == ["Alpha beta gamma delta.", "Kappa lambda."]


def test_sentences_without_content_are_never_candidates():
    summary = RollingSummary(SelectionConfig(minContentWords=4), budget=50)
    assert summary.add(["Yeah, that's what I was going to say.", "Um, uh."], [9.0, 9.0]) == []


def test_a_shown_sentence_keeps_its_place_against_a_slightly_better_one():
    for hysteresis, expected in ((0.5, "Alpha beta gamma delta."), (0.0, "Kappa lambda omega sigma.")):
        summary = RollingSummary(SelectionConfig(minContentWords=2, hysteresis=hysteresis), budget=4)
        summary.add(["Alpha beta gamma delta."], [1.0])
        assert summary.add(["Kappa lambda omega sigma."], [1.2]) == [expected]


def test_the_pool_is_bounded_and_the_budget_kept_over_a_long_talk():
    chance = random.Random(5)
    vocabulary = [f"word{i}" for i in range(500)]
    summary = RollingSummary(SelectionConfig(poolSentences=20, poolBudgets=3.0), budget=60)
    for _ in range(300):
        sentences = [" ".join(chance.choices(vocabulary, k=chance.randint(3, 30))) + "." for _ in range(3)]
        shown = summary.add(sentences, [chance.gauss(0, 1) for _ in sentences])
        assert sum(len(text.words(s)) for s in shown) <= 60
        assert len(summary.pool) <= 20 and sum(c.words for c in summary.pool) <= 180


def test_a_growing_budget_starts_small():
    summary = RollingSummary(SelectionConfig(minContentWords=2, growth=0.25, growthMinimum=0), budget=100)
    shown = summary.add(["Alpha beta gamma delta.", "Kappa lambda omega sigma.", "Red green blue yellow.", "North south east west."], [1.0, 2.0, 3.0, 4.0])
    assert shown == ["North south east west."]


def test_the_final_summary_uses_the_whole_budget_and_forgets_what_was_on_display():
    config = SelectionConfig(minContentWords=2, hysteresis=5.0, finalHysteresis=0.0, growth=0.5, growthMinimum=0)
    summary = RollingSummary(config, budget=8)
    summary.add(["Alpha beta gamma delta.", "Kappa lambda omega sigma."], [1.0, 0.5])
    assert summary.add(["Red green blue yellow.", "North south east west."], [2.0, 1.5]) == ["Alpha beta gamma delta.", "Red green blue yellow."]
    assert summary.finish() == ["Red green blue yellow.", "North south east west."]


def test_the_best_sentence_is_shown_alone_when_none_fits():
    for budget, expected in ((12, ["Kappa lambda omega sigma and then one more long wooden house near the river."]), (9, [])):
        summary = RollingSummary(SelectionConfig(minContentWords=2), budget)
        sentences = ["One big red long wooden house and a second green one behind it.", "Kappa lambda omega sigma and then one more long wooden house near the river."]
        assert summary.add(sentences, [1.0, 2.0]) == expected


def test_a_statement_is_worth_more_than_a_question_and_a_broken_sentence_less_than_either():
    config = SelectionConfig(minContentWords=2, statement=1.0, brokenOff=3.0)
    question, statement, broken = "Is alpha beta gamma?", "It is kappa lambda.", "It is omega sigma…"
    for taken, expected in ((4, [statement]), (8, [question, statement])):
        assert RollingSummary(config, taken).add([question, statement, broken], [1.5, 1.0, 3.9]) == expected


def test_a_short_sentence_is_worth_less():
    for brevity, expected in ((0.0, ["Alpha beta gamma."]), (6.0, ["Kappa lambda omega sigma red green."])):
        summary = RollingSummary(SelectionConfig(minContentWords=2, brevity=brevity), budget=6)
        assert summary.add(["Alpha beta gamma.", "Kappa lambda omega sigma red green."], [1.5, 1.0]) == expected


def test_what_was_said_lately_is_worth_more_until_the_talk_has_moved_on():
    config = SelectionConfig(minContentWords=2, hysteresis=0.0, freshness=2.0, freshSentences=10)
    summary = RollingSummary(config, budget=4)
    assert summary.add(["Alpha beta gamma delta."], [1.0]) == ["Alpha beta gamma delta."]
    assert summary.add(["Okay."] * 4 + ["Kappa lambda omega sigma."], [0.0] * 4 + [0.1]) == ["Kappa lambda omega sigma."]
    assert summary.add(["Okay."] * 20 + ["Red green blue yellow."], [0.0] * 20 + [-1.5]) == ["Alpha beta gamma delta."]


def test_what_states_something():
    stated = ("We ship on Friday.", "That's the plan.", "Welcome to the budget committee, it has three items.", "He said \"ship it.\"")
    empty = ("Do we ship on Friday?", "They'll be…", "I think...\"", "The remote control.", "Thank you very much, Mr. Chair.", "Hello everybody, I hope you are fine.")
    assert all(is_statement(s) for s in stated) and not any(is_statement(s) for s in empty)
    assert [is_broken_off(s) for s in ("They'll be…", "I think...\"", "He stopped..", "Stop.")] == [True, True, False, False]


@pytest.mark.parametrize("shown", ["We replace the modem.", "The modem was replaced.", "The town announced a new dashboard."])
def test_statements_have_a_main_clause(shown):
    assert is_statement(shown)


@pytest.mark.parametrize("shown", ["Which was replaced.", "On the old bridge, or at the mill.", "The we will replace it.", "If you replace the modem."])
def test_fragments_and_garbled_sentences_state_nothing(shown):
    assert not is_statement(shown)


def test_a_pronoun_at_the_head_points_back():
    assert all(is_unresolved(s) for s in ("It was merged.", "And they will test it.", "That's the plan."))
    assert not any(is_unresolved(s) for s in ("We ship it.", "This is the plan.", "That plan fails.", "These tests pass.", ""))

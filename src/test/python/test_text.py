import pytest

from srformer import text


def split(*chunks):
    return [s.text for s in text.sentences(chunks)]


def test_a_sentence_ends_at_a_terminator_followed_by_space():
    assert split(("A", "It works. Does it? Yes! Well… sure.")) == ["It works.", "Does it?", "Yes!", "Well…", "sure."]


def test_closing_quotes_and_brackets_belong_to_the_sentence():
    assert split(("A", 'He said "stop." Then he left (quickly.) Fine.')) == ['He said "stop."', "Then he left (quickly.)", "Fine."]


def test_abbreviations_initials_and_decimals_do_not_end_a_sentence():
    assert split(("A", "Dr. Jones met J. Smith, e.g. yesterday, at 3.5 percent. Good.")) == ["Dr. Jones met J. Smith, e.g. yesterday, at 3.5 percent.", "Good."]


def test_chunks_of_one_speaker_are_joined_and_a_change_of_speaker_ends_the_sentence():
    found = text.sentences([("A", "we should"), ("A", "go now."), ("B", "not yet"), ("A", "why")])
    assert [(s.text, s.first_chunk, s.last_chunk) for s in found] == [("we should go now.", 0, 1), ("not yet", 2, 2), ("why", 3, 3)]


def test_a_long_sentence_is_cut_at_the_last_comma_within_the_limit():
    words = [f"w{i}" for i in range(60)]
    words[24] += ","
    words[34] += ","
    pieces = split(("A", " ".join(words)))
    assert [len(p.split()) for p in pieces] == [35, 25]


def test_a_long_sentence_without_commas_is_cut_at_the_limit():
    assert [len(p.split()) for p in split(("A", " ".join(["word"] * 95)))] == [40, 40, 15]


def test_pieces_without_words_disappear():
    assert split(("A", "... !? Yes.")) == ["Yes."]


@pytest.mark.parametrize(
    "spoken, shown",
    [
        ("Um, we have, uh, three options", "We have, three options."),
        ("there was there was a problem with the the battery.", "There was a problem with the battery."),
        ("I I think we, you know, should wait.", "I think we, should wait."),
        ("I mean, it's fine.", "It's fine."),
        ("Do you know the way?", "Do you know the way?"),
        ("So we wh what do we do about it?", "We what do we do about it?"),
        ("So, um, yeah, we need two ti, half a day.", "We need two half a day."),
        ("I I'll send it tomorrow.", "I'll send it tomorrow."),
        ("It is very very good that that worked.", "It is very very good that that worked."),
        ("Mm-hmm.", ""),
        ("[laughter] {vocalsound} okay", "Okay."),
        ("we ' ve tested it,", "We've tested it."),
        ("5 mm is enough.", "5 mm is enough."),
    ],
)
def test_cleaning(spoken, shown):
    assert text.clean(spoken) == shown


def test_words_are_runs_of_letters_digits_and_apostrophes():
    assert text.words("It's 3 o'clock -- really?") == ["It's", "3", "o'clock", "really"]


def test_content_words_leave_out_stop_words():
    assert text.content_words("The remote should have a big red button, you know") == ["remote", "big", "red", "button"]

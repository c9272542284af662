import pytest

from srformer import rouge


def test_published_example_police_killed_the_gunman():
    # Lin 2004, section 3: LCS of "police killed the gunman" with "police kill the gunman" is 3 of 4
    score = rouge.rouge("police kill the gunman", "police killed the gunman")
    assert score.r1 == pytest.approx(75.0)
    assert score.r2 == pytest.approx(100 / 3)
    assert score.rl == pytest.approx(75.0)


def test_order_matters_for_the_subsequence_only():
    score = rouge.rouge("the gunman kill police", "police killed the gunman")
    assert score.r1 == pytest.approx(75.0)
    assert score.rl == pytest.approx(50.0)


def test_overlap_is_clipped():
    assert rouge.rouge("the the the the", "the cat").r1 == pytest.approx(200 * 1 / 6)


def test_nothing_in_common():
    assert rouge.rouge("a b", "c d") == (0.0, 0.0, 0.0)
    assert rouge.rouge("", "c d") == (0.0, 0.0, 0.0)


def test_long_subsequences_cross_machine_words():
    a = [str(i) for i in range(300)]
    assert rouge.lcs(a, a[::3]) == 100

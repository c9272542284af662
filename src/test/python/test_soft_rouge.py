import numpy as np
import pytest
import torch

from srformer import rouge, soft_rouge

REFERENCE = "the team chose the green remote and the team left".split()
SENTENCES = ["we chose the green remote today".split(), "the remote is green".split(), "so the team left the room".split(), "nobody knows".split()]


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("picked", [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]])
def test_with_certain_choices_it_is_the_recall_of_rouge(n, picked):
    grams = soft_rouge.overlap(SENTENCES, REFERENCE, n)
    # n-grams do not cross sentences
    said = sum((rouge.ngrams(s, n) for s, p in zip(SENTENCES, picked) if p), start=rouge.ngrams([], n))
    wanted = rouge.ngrams(REFERENCE, n)
    expected = sum((said & wanted).values()) / sum(wanted.values())
    assert soft_rouge.covered(torch.tensor(picked, dtype=torch.float32), grams).item() == pytest.approx(expected)


def test_a_stretch_has_its_own_sentences_and_the_whole_reference():
    grams = soft_rouge.overlap(SENTENCES, REFERENCE, 1)
    part = grams.within(1, 3)
    assert soft_rouge.covered(torch.ones(2), part).item() == pytest.approx(soft_rouge.covered(torch.tensor([0.0, 1, 1, 0]), grams).item())


def test_choices_fill_the_budget_and_follow_the_salience():
    salience, lengths = torch.tensor([3.0, -1.0, 0.5, 2.0]), torch.tensor([6.0, 4.0, 6.0, 2.0])
    p = soft_rouge.chosen(salience, lengths, 7.0, 0.5)
    assert (p * lengths).sum().item() == pytest.approx(7.0, abs=1e-3)
    assert p.argsort().tolist() == salience.argsort().tolist()


def test_gradient_is_that_of_the_choice_with_its_threshold():
    lengths = torch.tensor([6.0, 4.0, 6.0, 2.0], dtype=torch.float64)
    grams = soft_rouge.overlap(SENTENCES, REFERENCE, 1)
    salience = torch.tensor([0.3, -1.0, 0.5, 0.1], dtype=torch.float64, requires_grad=True)

    def value(s):
        return soft_rouge.covered(soft_rouge.chosen(s, lengths, 7.0, 0.5).float(), grams).double()

    value(salience).backward()
    for i in range(4):
        step = torch.zeros(4, dtype=torch.float64)
        step[i] = 1e-3
        numeric = (value(salience.detach() + step) - value(salience.detach() - step)) / 2e-3
        assert salience.grad[i].item() == pytest.approx(numeric.item(), abs=2e-4)


def test_what_is_covered_already_gains_nothing():
    twice = [SENTENCES[0], SENTENCES[0], SENTENCES[2], SENTENCES[3]]
    grams = soft_rouge.overlap(twice, REFERENCE, 1)
    p = torch.tensor([1.0, 0.5, 0.5, 0.5], requires_grad=True)
    soft_rouge.covered(p, grams).backward()
    assert p.grad[1] < p.grad[2]
    assert p.grad[3] == 0


def test_a_reference_of_one_word_has_no_bigrams():
    grams = soft_rouge.overlap(SENTENCES, ["team"], 2)
    assert soft_rouge.covered(torch.ones(4), grams).item() == 0
    assert grams.sentence.dtype == np.int32

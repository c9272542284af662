"""Hugging Face checkpoints, written by `transformers` itself, to packages."""

import hashlib
import json

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from srformer import checkpoint as checkpoints
from srformer import tiny_seq2seq
from srformer.convert import convert
from srformer.errors import CheckpointError
from srformer.generate import TokenPackage

NAMES = {
    "t5": {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"},
    "bart": {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>", "cls_token": "<s>", "sep_token": "</s>"},
}
SENTENCES = ["The battery was fine.", "It was the modem, it kept asking for a new address."]


def tokenizer(family):
    return PreTrainedTokenizerFast(tokenizer_object=tiny_seq2seq.TOKENIZERS[family](), **NAMES[family])


def gated_t5():
    """T5 1.1: gated feed-forward, untied and unscaled output."""
    torch.manual_seed(5)
    config = T5Config(
        vocab_size=256, d_model=32, d_kv=8, d_ff=40, num_layers=2, num_heads=4, feed_forward_proj="gated-gelu", tie_word_embeddings=False,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )
    model = tiny_seq2seq.loud(T5ForConditionalGeneration(config))
    model.lm_head.weight = torch.nn.Parameter(torch.randn(256, 32))
    return model


@pytest.fixture(scope="module")
def directories(tmp_path_factory):
    made = {}
    for name, family, build in (("t5", "t5", lambda: tiny_seq2seq.t5_checkpoint(3)), ("t5-gated", "t5", gated_t5), ("bart", "bart", lambda: tiny_seq2seq.bart_checkpoint(3))):
        made[name] = tmp_path_factory.mktemp("hf") / name
        model = build()
        model.generation_config.update(num_beams=4, length_penalty=2.0, early_stopping=True, no_repeat_ngram_size=3, min_length=3, max_length=13)
        if family == "bart":
            model.generation_config.update(forced_bos_token_id=0)
        model.save_pretrained(made[name])
        tokenizer(family).save_pretrained(made[name])
        if family == "t5":  # transformers no longer writes what the T5 checkpoints of old have
            config = json.loads((made[name] / "config.json").read_text())
            config["task_specific_params"] = {"summarization": {"prefix": "summarize: ", "num_beams": 2, "max_length": 15}}
            (made[name] / "config.json").write_text(json.dumps(config))
    return made


@pytest.mark.parametrize("name", ["t5", "t5-gated", "bart"])
def test_a_converted_checkpoint_writes_what_the_original_writes(directories, name, tmp_path):
    made = convert(directories[name], "raf", name=name, weights="float32", row_buckets=(32, 64))
    made.export(tmp_path / name)
    package = TokenPackage(tmp_path / name)
    original = checkpoints.pretrained(directories[name])[0]
    result = package.segment(SENTENCES, package.empty_memory())
    ids = torch.tensor([result.tokens])
    start = package.generation.start
    fed = torch.tensor([[start, 9, 11, 12]])
    options = {"num_beams": 2, "max_length": 15} if name != "bart" else {}
    with torch.no_grad():
        logits = original(input_ids=ids, decoder_input_ids=fed).logits[0, -1].numpy()
        written = original.generate(ids, use_cache=False, **options)[0].tolist()[1:]
    source = package.encode(result.tokens)
    np.testing.assert_allclose(package.steps(source, package.empty_memory().state)(fed.numpy(), None)[0], logits, atol=1e-4)
    assert list(result.written.tokens) == [t for t in written if t != package.generation.endOfSegment] and written
    assert result.tokens == tokenizer(name[:2] if name != "bart" else name).encode(package.generation.inputPrefix + " ".join(SENTENCES))


def test_generation_settings_come_from_the_checkpoint(directories):
    bart = convert(directories["bart"], name="b").settings.generation
    assert (bart.start, bart.endOfSegment, bart.forcedFirst, bart.beams, bart.noRepeatNgram) == (2, 2, 0, 4, 3)
    assert (bart.lengthPenalty, bart.earlyStopping, bart.minTokens, bart.newTokens, bart.inputPrefix) == (2.0, True, 2, 12, "")
    t5 = convert(directories["t5"], name="t", generation={"minTokens": 0}).settings.generation
    assert (t5.start, t5.endOfSegment, t5.forcedFirst, t5.beams, t5.newTokens, t5.inputPrefix, t5.minTokens) == (0, 1, None, 2, 14, "summarize: ", 0)
    assert bart.prefixTokens + bart.newTokens + 1 <= 64


def test_a_package_lists_its_files_and_holds_its_own_goldens(directories, tmp_path):
    convert(directories["bart"], "abc-mlp", name="small", row_buckets=(32, 64), licence="MIT").export(tmp_path / "small")
    manifest = json.loads((tmp_path / "small" / "model.json").read_text())
    assert set(manifest["files"]) == {p.name for p in (tmp_path / "small").iterdir()} - {"model.json"} >= {"goldens.json", "MODEL_CARD.md"}
    for file, digest in manifest["files"].items():
        assert hashlib.sha256((tmp_path / "small" / file).read_bytes()).hexdigest() == digest
    assert manifest["memory"] == "abc-mlp" and manifest["licence"] == "MIT" and manifest["specialTokens"] == {"cls": 0, "sep": 2, "pad": 1}
    goldens = json.loads((tmp_path / "small" / "goldens.json").read_text("utf-8"))
    package = TokenPackage(tmp_path / "small")
    for run in goldens["runs"]:
        memory = package.empty_memory()
        for segment, expected in zip(goldens["segments"], run["segments"], strict=True):
            result = package.with_beams(run["beams"]).segment(segment["sentences"], memory)
            memory = result.memory
            assert (list(result.written.tokens), result.text, result.tokens) == (expected["written"], expected["text"], segment["tokens"])


def test_a_checkpoint_comes_back_as_it_was_saved(directories, tmp_path):
    made = convert(directories["t5"], "abc-mlp", name="again")
    with torch.no_grad():
        made.model.memory.gate.fill_(0.7)
    made.save(tmp_path / "saved")
    again = checkpoints.load(tmp_path / "saved")
    assert again.settings == made.settings and again.family == "t5"
    for (name, a), (other, b) in zip(made.model.state_dict().items(), again.model.state_dict().items(), strict=True):
        assert name == other and torch.equal(a, b), name


def test_errors_say_what_is_wrong(directories, tmp_path):
    with pytest.raises(CheckpointError, match="not a directory"):
        convert(tmp_path / "nowhere", name="x")
    with pytest.raises(CheckpointError, match="no config.json"):
        convert(tmp_path, name="x")
    with pytest.raises(CheckpointError, match="no memory 'big'"):
        convert(directories["t5"], "big", name="x")
    BertForMaskedLM(BertConfig(vocab_size=50, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)).save_pretrained(tmp_path / "bert")
    with pytest.raises(CheckpointError, match="'bert'; only t5 and bart"):
        convert(tmp_path / "bert", name="x")
    bart = tiny_seq2seq.bart_checkpoint(3)
    bart.save_pretrained(tmp_path / "bare")
    with pytest.raises(CheckpointError, match="no tokenizer"):
        convert(tmp_path / "bare", name="x")
    tokenizer("bart").save_pretrained(tmp_path / "bare")
    (tmp_path / "bare" / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        convert(tmp_path / "bare", name="x")
    (tmp_path / "bare" / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match="no weights"):
        convert(tmp_path / "bare", name="x")
    bart.config.encoder_layers = 3
    bart.save_pretrained(tmp_path / "deeper")
    tokenizer("bart").save_pretrained(tmp_path / "deeper")
    with pytest.raises(CheckpointError, match="lacks .* weights"):
        convert(tmp_path / "deeper", name="x")
    with pytest.raises(CheckpointError, match="64 encoder positions"):
        convert(directories["bart"], name="x", row_buckets=(128,))

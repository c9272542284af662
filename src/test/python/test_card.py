import hashlib
import json
import sys

from srformer import card, cli

SCORES = {
    "sets": {
        "ami": {
            "documents": 20,
            "gistream": {"rouge1": 0.4126, "rouge2": 0.095, "rougeL": 0.192},
            "textrank": {"rouge1": 0.352, "rouge2": 0.068, "rougeL": 0.163},
            "ratios": {"textrank": {"rouge1": 1.1722, "rouge2": 1.397, "rougeL": 1.18}},
            "r1Auc": 0.31,
            "normalisedErasure": 0.456,
            "redundancy": 0.03,
            "groundingShare": 0.985,
        }
    }
}


def test_a_card_says_what_was_measured_and_the_manifest_its_digest(tiny_package, tmp_path, monkeypatch):
    package = tmp_path / "tiny"
    package.mkdir()
    for file in tiny_package.iterdir():
        (package / file.name).write_bytes(file.read_bytes())
    manifest = json.loads((package / "model.json").read_text())
    manifest["training"] = {"encoder": "all-MiniLM-L6-v2, frozen, Apache-2.0", "data": [{"set": "ami", "licence": "CC BY 4.0", "documents": 69, "sentences": 30000}]}
    (package / "model.json").write_text(json.dumps(manifest))
    (tmp_path / "scores.json").write_text(json.dumps(SCORES))
    monkeypatch.setattr(sys, "argv", ["srformer", "card", "--package", str(package), "--scores", str(tmp_path / "scores.json")])
    cli.main()
    text = (package / "MODEL_CARD.md").read_text()
    assert "| ami (20) | gistream | 41.3 | 9.5 | 19.2 |" in text
    assert "| ami | +17 % / +40 % | 31.0 | 0.46 | 0.03 | 98 % |" in text
    after = json.loads((package / "model.json").read_text())
    assert after["files"]["MODEL_CARD.md"] == hashlib.sha256(text.encode()).hexdigest()
    assert after["training"]["validation"]["ami"]["rouge1"] == 41.26
    assert {k: v for k, v in after.items() if k not in ("files", "training")} == {k: v for k, v in manifest.items() if k not in ("files", "training")}


def test_every_training_set_has_a_source_and_a_licence():
    from srformer.corpus import TRAINING_SETS

    assert set(TRAINING_SETS) <= set(card.SOURCES)
    assert "not measured yet" in card.write("x", {"encoder": "any", "data": []}, None).lower()

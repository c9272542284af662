"""Expected values for the Java runtime: one short transcript through a package, with everything that comes out on the way."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from . import text as texts
from .export import list_file
from .runtime import Package
from .selection import RollingSummary, SelectionConfig
from .statements import is_broken_off, is_statement, is_unresolved

FILE = "goldens.json"
STATES_OF_SEGMENTS = 2
MEMORY_AFTER = (1, 2, 20)
LARGEST = 300_000
"""Bytes of goldens inside a package."""
RUNS = (1, 4)
"""Beams of the runs of a package that writes tokens."""
ENCODING = "vectors are base64 of little-endian float32, row-major; memory is widened from float16"

TRANSCRIPT: tuple[tuple[str, ...], ...] = (
    ("Good morning everyone, thanks for joining the weekly meeting about the river sensors.",),
    ("Before we start, has anybody heard from Maria?", "She said she would be ten minutes late.", "Okay, then let's begin."),
    ("First item, the flood gauge at the old bridge has been offline since Tuesday.", "We lost about 40 hours of readings."),
    ("The battery was fine.", "It was the modem, it kept asking for a new address and never got one."),
    ("So do we replace the modem or the whole station?",),
    ("I would replace the modem only, a whole station costs 1200 euros and takes three weeks.", "A modem is 85 euros and we have two of them in the cupboard."),
    ("Agreed.", "Peter, can you drive out there tomorrow?", "Yes, tomorrow afternoon, if the road is open."),
    ("Second item is the new dashboard.", "People from the town hall find it too slow and they can't read it on a phone."),
    ("The slow part is the map, it loads every reading since 2015 even if nobody looks at them.",),
    ("We could load only the last seven days and fetch the rest when somebody zooms out.", "That would cut the loading time from nine seconds to one."),
    ("And the phone layout?", "I have a draft, but the colours are not right yet, some people can't tell the green from the red."),
    ("Let's use shapes as well as colours, then everybody can read it.",),
    ("Hello, sorry I'm late, the train stopped in the middle of nowhere.", "Hi Maria, we are on the dashboard.", "Great, go on."),
    ("Um, one more thing about the dashboard, the, the town hall wants a daily e-mail with the highest level of each river.",),
    ("That is easy, we already compute the daily maximum.", "I can have it ready by Friday."),
    ("Third item, the budget.", "We have spent 61 percent of the money and it is only June."),
    ("The reason is the two stations that were hit by lightning in April.", "The insurance will pay for one of them, for the other one we are still waiting."),
    ("If they don't pay, we have to postpone the station at the mill until next year.",),
    ("Does everybody accept that?", "I don't like it, the mill floods first, but I see no other way.", "Yes.", "Yes."),
    ("Good, then it's decided: the mill waits unless the insurance pays before the end of August.",),
    ("Maria will call the insurance this week and tell us what they say.",),
    ("Last item, the summer students arrive on the first of July.", "One of them will work on the forecast model, the other one on the phone layout."),
    ("Any other business?", "No.", "Then thank you all, the next meeting is on Monday at nine."),
)


def encoded(array: np.ndarray) -> str:
    """Base64 of little-endian float32, row by row."""
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode("ascii")


def write(package_directory: Path, output: Path) -> None:
    """Goldens beside a package of any family: they name the package that they are of."""
    manifest = json.loads((package_directory / "model.json").read_text("utf-8"))
    goldens = {
        "package": manifest["name"],
        "modelSha256": hashlib.sha256((package_directory / "model.json").read_bytes()).hexdigest(),
        "encoding": ENCODING,
        **_values(package_directory, manifest),
    }
    text = json.dumps(goldens, indent=1, ensure_ascii=False) + "\n"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text if manifest["family"] == "compact" else numbers_in_a_row(text), "utf-8")


def _values(package_directory: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    return of_compact(package_directory) if manifest["family"] == "compact" else of_tokens(package_directory, TRANSCRIPT, RUNS)


def add(package_directory: Path) -> None:
    """Goldens inside a package that has none: the manifest names their digest, so they cannot name the manifest's.

    A package that has some keeps them: on another machine the last bits differ, and with them the package's identity would.
    Where the memory is large, it is there for fewer segments, the later ones first, or not at all.
    """
    manifest = json.loads((package_directory / "model.json").read_text("utf-8"))
    if FILE in manifest["files"]:
        return
    goldens = {"package": manifest["name"], "encoding": ENCODING, **_values(package_directory, manifest)}
    memories = goldens["memoryAfterSegments"]
    content = _compact_json(goldens)
    while len(content) > LARGEST and memories:
        del memories[min(memories, key=int)]
        content = _compact_json(goldens)
    list_file(package_directory, FILE, content)


def _compact_json(goldens: dict[str, Any]) -> bytes:
    return (json.dumps(goldens, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


def numbers_in_a_row(text: str) -> str:
    """Indented JSON with every list of integers on one line."""
    return re.sub(r"\[\s+(\d[\d,\s]*?)\s+\]", lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text)


def of_package(package_directory: Path, transcript: Sequence[Sequence[str]], runs: Sequence[int], largest_state: int) -> str:
    """The goldens.json that a package of tokens carries; it cannot name the manifest's digest, since the manifest names its own."""
    name = json.loads((package_directory / "model.json").read_text("utf-8"))["name"]
    goldens = {"package": name, "encoding": ENCODING, **of_tokens(package_directory, transcript, runs, largest_state)}
    return numbers_in_a_row(json.dumps(goldens, indent=1, ensure_ascii=False) + "\n")


def of_tokens(package_directory: Path, transcript: Sequence[Sequence[str]], runs: Sequence[int], largest_state: int | None = None) -> dict[str, Any]:
    """Families t5 and bart: what is written, greedily and with beams. The fold depends on what was said alone, so the memory is the same in all runs.

    A state of more than `largest_state` values is left out: what is written depends on it anyway.
    """
    from .generate import TokenPackage

    package = TokenPackage(package_directory)
    grows = any(length < 0 for t in package.manifest["state"] for length in t["shape"])
    written, memories, segments = [], {}, []
    for beams in runs:
        runner, lines = package.with_beams(beams), []
        memory = runner.empty_memory()
        for number, sentences in enumerate(transcript, start=1):
            result = runner.segment(sentences, memory)
            memory = result.memory
            lines.append({"written": list(result.written.tokens), "text": result.text, "meanLogProbability": round(result.written.mean, 6)})
            if beams == runs[0]:
                segments.append({"sentences": list(sentences), "tokens": result.tokens})
                listed = largest_state is None or sum(t.size for t in memory.state.values()) <= largest_state
                if number in MEMORY_AFTER[: 1 if grows else None] and memory.state and listed:
                    memories[str(number)] = {name: encoded(tensor.astype(np.float32)) for name, tensor in memory.state.items()}
        written.append({"beams": beams, "segments": lines})
    return {"segments": segments, "runs": written, "memoryAfterSegments": memories}


def of_compact(package_directory: Path) -> dict[str, Any]:
    package = Package(package_directory)
    memory = package.empty_memory()
    said = 0
    segments, memories = [], {}
    for number, sentences in enumerate(TRANSCRIPT, start=1):
        result = package.segment(sentences, said, memory)
        said += len(sentences)
        memory = result.memory
        segment = {
            "sentences": result.sentences,
            "tokens": result.tokens,
            "features": encoded(result.features),
            "salience": encoded(result.salience),
        }
        if number <= STATES_OF_SEGMENTS:
            segment["states"] = encoded(result.states)
        segments.append(segment)
        if number in MEMORY_AFTER and memory:
            memories[str(number)] = {name: encoded(tensor.astype(np.float32)) for name, tensor in memory.items()}
    return {"segments": segments, "memoryAfterSegments": memories}


CHUNKS: tuple[tuple[tuple[str | None, str], ...], ...] = (
    (("A", "It works. Does it? Yes! Well… sure."),),
    (("A", 'He said "stop." Then he left (quickly.) Fine.'),),
    (("A", "Dr. Jones met J. Smith, e.g. yesterday, at 3.5 percent. Good."),),
    (("A", "Are you sure, Mr. Brown? I am. So is I. And plan B. is dead"),),
    (("A", "we should"), ("A", "go  now. And"), ("A", "then what"), ("B", "not yet"), ("A", "why")),
    ((None, "no speaker here."), (None, "none here either"), ("A", "but here there is one... I think")),
    (("A", "... !? Yes."), ("B", ""), ("A", "   "), ("A", "still me.Not a new sentence")),
    (("A", " ".join(f"word{i}" + ("," if i in (24, 34, 50) else "") for i in range(95))),),
    (("A", " ".join(["word"] * 95)),),
    (("A", "¿Qué pasa? Größe „zählt“. L’été est fini… oui! 今日は 2026年."),),
)

SPOKEN: tuple[str, ...] = (
    "Um, we have, uh, three options",
    "there was there was a problem with the the battery.",
    "I I think we, you know, should wait.",
    "I mean, it's fine.",
    "Do you know the way?",
    "So we wh what do we do about it?",
    "So, um, yeah, we need two ti, half a day.",
    "I I'll send it tomorrow.",
    "It is very very good that that worked.",
    "Mm-hmm.",
    "Mm - hmm.",
    "[laughter] {vocalsound} okay",
    "we ' ve tested it,",
    "5 mm is enough.",
    "w we want to have a new re remote control for T_V _ distribution I.",
    "So we have to plan how it would be developed and how we can make it work.",
    "And yeah, for…",
    "Okay, so, well, the budget is 12.5 million, right?",
    "just looking at the TI - di the tandem system, if we're getting point eight percent, which, yes, it's high.",
    "so I'd uh have to add \" am walking, \"",
    "Right?, there's even though it's close - miked there's still there really is background noise.",
    "once you understand it you understand it",
    "the remo- the remote, the remote control!",
    "well—that’s it—we’re done",
    "two two seven seven is the code",
    "So far so good.",
    "éé était là",
    "@ reject @ we're up against them here",
    "The both the SRI System and the oth And for one thing that shows the difference between having a lot.",
    "There is It's their complete system and including adaptation.",
    "We'll look at the new project requirements we.",
    "I like The Lord And Master by far the most of all.",
    "So he knows much more than I.",
    "The delay would be on the terminal side, and.",
    "Should we take the green one, or the?",
    "Once they are in, I think they'll be…",
    "Hello everybody, thank you very much for coming.",
    "The first item on the list.",
    "On a shadow fork, or on the devnet.",
    "Provided by a voluntary organisation.",
    "That it controls the channels and the volume.",
    "That is part of the research portfolio.",
    "It was merged on Tuesday.",
    "And they will also test it in the lab.",
    "These results look good.",
    "If you can check the product with some pilots.",
    "If the road is open, Peter drives out and we repair the modem.",
    "When the user presses a button, it feeds into the chip.",
    "The report that was written last year.",
    "After that we have some new requirements.",
    "What are your experiences with remote controls.",
    "But do you already have a technical design.",
    "What happened was that two proposals had a detector.",
    "The we will sell it at twenty five euros.",
    "Then Anna's going to present the prototype.",
    "Anna's new proposal for the budget.",
    "The committee announced a new fund of £24 million.",
    "The price of the charger included in the box.",
    "People in the HE sector agreed to the plan.",
    "Adding more tests for teams to have before the release.",
    "Reviewing it before Friday.",
    "That the output of the sensor is well formed.",
    "How the fees are billed.",
    "In the community, in the R&D department.",
    "The modem isn't in the cupboard.",
    "I you should go to the mill.",
    "The noises were not exactly the same.",
    "The tests failed again, so the team moved the release to June.",
)


def salience_example(order: int) -> float:
    """An invented salience with ties and a period that the transcript does not have."""
    return ((order * 7) % 11) / 4.0 - 1.0


def write_text(output: Path) -> None:
    """Examples of the text rules and of selection: what Java must reproduce exactly."""
    selections = []
    for budget, config in (
        (40, SelectionConfig(redundancy=0.5, minContentWords=4, poolBudgets=3.0, poolSentences=96, hysteresis=0.3, growth=0.0)),
        (60, SelectionConfig(redundancy=0.3, minContentWords=3, poolBudgets=2.0, poolSentences=7, hysteresis=0.0, growth=0.2)),
        (
            30,
            SelectionConfig(
                redundancy=0.7, minContentWords=3, poolSentences=12, hysteresis=1.5, finalHysteresis=0.5, growth=0.15, growthMinimum=20.0,
                statement=1.0, brokenOff=3.0, unresolved=0.5, brevity=8.0, freshness=2.5, freshSentences=12.0,
            ),
        ),
    ):
        summary, said, steps = RollingSummary(config, budget), 0, []
        for sentences in TRANSCRIPT:
            salience = [salience_example(said + i) for i in range(len(sentences))]
            said += len(sentences)
            steps.append({"salience": salience, "shown": summary.add(sentences, salience)})
        selections.append({"config": config.to_dict(), "budgetWords": budget, "steps": steps, "final": summary.finish()})
    examples = {
        "sentences": [
            {"chunks": [{"speaker": w, "text": t} for w, t in chunks], "sentences": [{"text": s.text, "chunks": [s.first_chunk, s.last_chunk]} for s in texts.sentences(chunks)]}
            for chunks in CHUNKS
        ],
        "cleaning": [
            {
                "said": said,
                "shown": shown,
                "words": len(texts.words(shown)),
                "contentTypes": sorted(set(texts.content_words(shown))),
                "statement": is_statement(shown),
                "brokenOff": is_broken_off(shown),
                "unresolved": is_unresolved(shown),
            }
            for said, shown in ((s, texts.clean(s)) for s in SPOKEN)
        ],
        "segments": TRANSCRIPT,
        "selection": selections,
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(examples, indent=1, ensure_ascii=False) + "\n", "utf-8")

"""Expected values for the Java runtime: one short transcript through a package, with everything that comes out on the way."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import numpy as np

from .runtime import Package

STATES_OF_SEGMENTS = 2
MEMORY_AFTER = (1, 2, 20)

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
    goldens = {
        "package": package.manifest["name"],
        "modelSha256": hashlib.sha256((package_directory / "model.json").read_bytes()).hexdigest(),
        "encoding": "vectors are base64 of little-endian float32, row-major; memory is widened from float16",
        "segments": segments,
        "memoryAfterSegments": memories,
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(goldens, indent=1, ensure_ascii=False) + "\n", "utf-8")

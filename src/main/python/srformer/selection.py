"""From salience to a rolling summary, online, under a word budget (docs/model-package.md, Selection; mirrored in Java)."""

from __future__ import annotations

DEFAULTS = {"redundancy": 0.5, "minContentWords": 4, "poolBudgets": 3.0, "poolSentences": 96, "hysteresis": 0.3, "growth": 0.0}

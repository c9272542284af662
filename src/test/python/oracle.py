"""The formulas of SRformer and ABC in plain numpy, float64, one position and one head at a time. Shares no code with the toolkit: what it is checked against."""

import math

import numpy as np


def softmax(scores):
    weights = [math.exp(s - max(scores)) for s in scores]
    return np.array(weights) / sum(weights)


def published(family, weights, encoder_states, decoder_states, segment, heads):
    """Section 3.3 as published, one example: encoder_states [S, D], decoder_states [T, D] -> [T, D]; weights: query, key, value, output (pairs), W, theta, leak."""

    def project(name, x):
        matrix, bias = weights[name]
        return matrix @ x + (bias if bias is not None else 0.0)

    width = encoder_states.shape[1]
    d, length = width // heads, len(decoder_states)
    limit = (lambda x: np.clip(x, -2.0, 2.0)) if family == "bart" else (lambda x: x)
    scale = 1.0 / math.sqrt(d) if family == "bart" else 1.0
    n = math.ceil(len(encoder_states) / segment)
    all_keys, all_values = (np.array([project(name, x) for x in encoder_states]) for name in ("key", "value"))
    queries = np.array([project("query", x) for x in decoder_states]) * scale
    mixed = np.zeros((length, width))
    for head in range(heads):
        part = slice(head * d, (head + 1) * d)
        keys, values = np.zeros((n * segment, d)), np.zeros((n * segment, d))
        keys[: len(all_keys)], values[: len(all_values)] = all_keys[:, part], all_values[:, part]
        norm = np.array([math.sqrt(sum(k[c] ** 2 for k in keys)) for c in range(d)])
        total = limit(sum(np.outer(k, v) for k, v in zip(keys, values)))
        u, last = np.zeros((d, d)), None
        for t in range(length):
            i = math.floor(t * n / length)
            inside = range(i * segment, (i + 1) * segment)
            if family == "t5" or i != last:
                x = total - limit(sum(np.outer(keys[j], values[j]) for j in inside))
                u = weights["leak"] * u + x @ weights["W"].T
                m = np.maximum(u / weights["theta"] - 1.0, 0.0)
                u = u - weights["theta"] * (u > weights["theta"])
                last = i
            q = queries[t, part]
            attention = softmax([q @ keys[j] for j in inside])
            mixed[t, part] = sum(a * values[j] for a, j in zip(attention, inside)) + (q @ m) / norm
    return np.array([project("output", x) for x in mixed])


def causal(kind, queries, keys, values, scale, memory, rounding=True):
    """Cross-attention of one head over segments, the memory read before the fold (design: section 2).

    queries: per segment [N, d]; keys, values: per segment [T, d]; scale: of the scores. memory: g, leak, theta, W [d, d] or control [n, d].
    Returns the outputs per segment, [N, d].
    """
    d = keys[0].shape[1]
    half = (lambda x: np.asarray(x, dtype=np.float16).astype(np.float64)) if rounding else (lambda x: np.asarray(x, dtype=np.float64))
    u = np.zeros((d, d))
    said_keys, said_values = [], []
    slots = d // 2
    slot_keys, slot_values, log_weights = np.zeros((slots, d)), np.zeros((slots, d)), np.zeros(slots)
    outputs = []
    for q_of, k_of, v_of in zip(queries, keys, values):
        out = []
        for q in q_of:
            local = sum(a * v for a, v in zip(softmax([scale * (q @ k) for k in k_of]), v_of))
            if kind in ("raf", "linear"):
                m = np.maximum(u / memory["theta"] - 1.0, 0.0) if kind == "raf" else u
                answer = scale * (q @ m)
                answer = answer / math.sqrt(1.0 + np.mean(answer**2))
            elif kind.startswith("abc-") and kind != "abc-window":
                answer = sum(a * v for a, v in zip(softmax([scale * (q @ k) for k in slot_keys]), slot_values))
            elif kind in ("abc-window", "full"):
                # A full memory has an empty key of value 0 as well; a window attends only to what is there.
                last = slice(-slots, None) if kind == "abc-window" else slice(None)
                kept = list(zip(said_keys, said_values))[last] + ([(np.zeros(d), np.zeros(d))] if kind == "full" else [])
                answer = sum(a * v for a, (_, v) in zip(softmax([scale * (q @ k) for k, _ in kept]), kept)) if kept else np.zeros(d)
            else:
                answer = np.zeros(d)
            out.append(local + memory["g"] * answer)
        outputs.append(np.array(out))
        if kind in ("raf", "linear"):
            x = np.clip(sum(np.outer(k, v) for k, v in zip(k_of, v_of)) / math.sqrt(len(k_of)), -2.0, 2.0)
            kept = u - memory["theta"] * (u > memory["theta"]) if kind == "raf" else u
            u = half(memory["leak"] * kept + memory["W"] @ x)
        elif kind.startswith("abc-") and kind != "abc-window":
            for n in range(slots):
                alphas = [math.exp(memory["control"][n] @ k / math.sqrt(d)) for k in k_of]
                before, after = math.exp(log_weights[n]), math.exp(log_weights[n]) + sum(alphas)
                slot_keys[n] = half((before * slot_keys[n] + sum(a * k for a, k in zip(alphas, k_of))) / after)
                slot_values[n] = half((before * slot_values[n] + sum(a * v for a, v in zip(alphas, v_of))) / after)
                log_weights[n] = math.log(after)
        said_keys += [half(k) for k in k_of]
        said_values += [half(v) for v in v_of]
    return outputs


def slope(function, x, step=1e-5):
    """Gradient of a scalar function by central differences."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient

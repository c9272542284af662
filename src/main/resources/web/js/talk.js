/**
 * What the page knows of one stream: its transcript, its revisions, and what its memory did. No
 * document and no network here. All of it is bounded: a stream may go on for days.
 */

const MOST_CHUNKS = 5000;
const MOST_REVISIONS = 2000;
const MOST_STATES = 240;

export class Talk {
  /** Chunks of the present talk by sequence number. */
  #chunks = new Map();
  /** Their numbers, ascending. */
  order = [];
  /** Summaries of the present epoch, ascending by revision. */
  revisions = [];
  /** States of the memory, oldest first. */
  memory = [];
  #ended = false;

  chunk(sequence) {
    return this.#chunks.get(sequence);
  }

  get latest() {
    return this.revisions.at(-1) ?? null;
  }

  /**
   * Takes in a chunk in the order of the topic.
   *
   * @returns {'new' | 'changed' | 'same' | 'restart'} restart: it begins another talk, those before
   *     are gone
   */
  addChunk(chunk) {
    const known = this.#chunks.get(chunk.sequence);
    if (known !== undefined && sameContent(known, chunk)) {
      return 'same';
    }
    if (this.#ended) {
      // behind its end a talk takes nothing in: this is the next one
      this.#clear();
      this.#put(chunk);
      return 'restart';
    }
    // a draft that comes late says nothing more once its chunk is confirmed
    if (known !== undefined && known.status === 'CONFIRMED' && chunk.status === 'DRAFT') {
      return 'same';
    }
    this.#put(chunk);
    return known === undefined ? 'new' : 'changed';
  }

  #put(chunk) {
    if (!this.#chunks.has(chunk.sequence)) {
      this.order.splice(placeOf(this.order, chunk.sequence), 0, chunk.sequence);
    }
    this.#chunks.set(chunk.sequence, chunk);
    this.#ended ||= chunk.endOfStream;
    while (this.order.length > MOST_CHUNKS) {
      this.#chunks.delete(this.order.shift());
    }
  }

  /** The talk is over: a final summary was given. */
  end() {
    this.#ended = true;
  }

  #clear() {
    this.#chunks.clear();
    this.order = [];
    this.#ended = false;
  }

  /**
   * Takes in a summary; one that is known, or of an epoch before, changes nothing.
   *
   * @returns {boolean} whether it is the latest now
   */
  addSummary(summary) {
    const latest = this.latest;
    if (latest !== null && summary.epoch < latest.epoch) {
      return false;
    }
    if (latest !== null && summary.epoch > latest.epoch) {
      this.revisions = [];
      this.memory = [];
    }
    const at = placeOf(this.revisions.map((r) => r.revision), summary.revision);
    if (this.revisions[at]?.revision === summary.revision) {
      // a final summary that silence brought has the number of the one that follows it
      this.revisions[at] = summary;
    } else {
      this.revisions.splice(at, 0, summary);
    }
    if (this.revisions.length > MOST_REVISIONS) {
      this.revisions.shift();
    }
    return this.latest === summary;
  }

  /** How far into the talk a summary reaches, in milliseconds, or null where nothing says so. */
  reach(summary) {
    const last = summary.covered === null ? undefined : this.chunk(summary.covered.last);
    return summary.endMillis ?? last?.endMillis ?? last?.startMillis ?? null;
  }

  /** Takes in a state of the memory, unless it is known. */
  addMemory(state) {
    const last = this.memory.at(-1);
    if (last !== undefined && state.segments <= last.segments) {
      if (state.segments === last.segments) {
        return false;
      }
      // fewer segments than before: another talk, or the stream was erased
      this.memory = this.memory.filter((s) => s.segments < state.segments);
    }
    this.memory.push(state);
    if (this.memory.length > MOST_STATES) {
      this.memory.shift();
    }
    return true;
  }

  /** Forgets everything, for a stream that was erased or has to be read anew. */
  reset() {
    this.#clear();
    this.revisions = [];
    this.memory = [];
  }
}

/** The first place in an ascending array whose number is not lower. */
export function placeOf(ascending, number) {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle] < number) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

function sameContent(a, b) {
  return a.text === b.text && a.speaker === b.speaker && a.status === b.status
    && a.startMillis === b.startMillis && a.endMillis === b.endMillis && a.endOfStream === b.endOfStream;
}

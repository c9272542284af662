/**
 * Server-sent events over `fetch`. The browser's own `EventSource` cannot send an API key, says
 * nothing of why a connection failed, and gives up for good on some errors.
 */

/**
 * Reads the lines of an event stream as they come, in pieces of any size.
 *
 * @param {(event: {type: string, id: string, data: string}) => void} onEvent
 */
export class EventParser {
  #rest = '';
  #data = [];
  #type = '';
  #first = true;
  /** Of the last event that had one, which is what a new connection has to send. */
  lastEventId = '';
  /** Milliseconds to wait before a new connection, when the server has named them. */
  retry = null;
  #onEvent;

  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  push(text) {
    let all = this.#rest + text;
    if (this.#first && all.length > 0) {
      this.#first = false;
      all = all.replace(/^\uFEFF/, '');
    }
    // a carriage return at the end may be the first half of a line end
    const end = all.endsWith('\r') ? all.length - 1 : all.length;
    const lines = all.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() + all.slice(end);
    lines.forEach((line) => this.#line(line));
  }

  #line(line) {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') {
      this.#data.push(value);
    } else if (field === 'event') {
      this.#type = value;
    } else if (field === 'id' && !value.includes('\0')) {
      this.lastEventId = value;
    } else if (field === 'retry' && /^\d+$/.test(value)) {
      this.retry = Number(value);
    }
  }

  #dispatch() {
    const data = this.#data;
    const type = this.#type || 'message';
    this.#data = [];
    this.#type = '';
    if (data.length > 0) {
      this.#onEvent({ type, id: this.lastEventId, data: data.join('\n') });
    }
  }
}

/** Waits, or less when the signal aborts or the network comes back. */
export function pause(millis, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    addEventListener('online', done);
    signal?.addEventListener('abort', done);
  });
}

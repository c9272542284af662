/** Requests to the service: JSON in and out, problems as errors, events that survive a restart. */
import * as auth from './auth.js';
import { EventParser, pause } from './sse.js';

/** No byte for so long, heartbeats included, means that the connection is dead. */
const SILENCE_MILLIS = 40_000;
const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 8000;

/** Why a request failed: RFC 9457, or status 0 when there was no answer. */
export class Problem extends Error {
  constructor(status, title, detail, retryAfter = null) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    /** Seconds, or null. */
    this.retryAfter = retryAfter;
  }
}

/** The path of a stream or of something below it; the id may have any characters. */
export const streamPath = (id, ...below) => ['/v1/streams', encodeURIComponent(id), ...below].join('/');

export const get = async (path, signal) => (await send(path, { signal })).json();

/** Sends a body; the answer as JSON, null when there is none. */
export async function change(method, path, body, type) {
  const response = await send(path, { method, body, headers: type ? { 'Content-Type': type } : {} });
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}

/** @throws {Problem} for every answer but a good one */
async function send(path, options = {}) {
  for (;;) {
    const used = auth.key();
    let response;
    try {
      response = await fetch(path, {
        ...options,
        headers: { Accept: 'application/json', ...options.headers, ...auth.headers() },
        cache: 'no-store',
      });
    } catch (e) {
      if (options.signal?.aborted) {
        throw e;
      }
      throw new Problem(0, 'No answer', 'The server does not answer. It may be restarting.');
    }
    if (response.ok) {
      return response;
    }
    if (response.status !== 401 || !(await auth.ask(used))) {
      throw await problem(response);
    }
  }
}

async function problem(response) {
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  let body = {};
  if ((response.headers.get('Content-Type') ?? '').includes('json')) {
    body = await response.json().catch(() => ({}));
  }
  const title = body.title || response.statusText || `Status ${response.status}`;
  return new Problem(response.status, title, body.detail ?? '', retryAfter);
}

/**
 * Follows server-sent events until the signal aborts. Lost connections are made anew, from the last
 * event on.
 *
 * @param {string} path
 * @param {object} options
 * @param {(type: string, data: object) => void} options.onEvent
 * @param {(state: 'connecting' | 'live' | 'reconnecting' | 'refused', problem?: Problem) => void}
 *     options.onState refused: for good, it is not tried again
 * @param {AbortSignal} options.signal
 */
export async function follow(path, { onEvent, onState, signal }) {
  let lastEventId = '';
  let retry = FIRST_WAIT_MILLIS;
  let failures = 0;
  onState('connecting');
  while (!signal.aborted) {
    const parser = new EventParser(({ type, data }) => {
      failures = 0;
      // a comment may come with empty data; it only says that the connection lives
      if (data !== '') {
        onEvent(type, JSON.parse(data));
      }
    });
    parser.lastEventId = lastEventId;
    let wait = null;
    try {
      await read(path, parser, signal, () => onState('live'));
    } catch (e) {
      if (signal.aborted) {
        return;
      }
      if (e instanceof Problem && isForGood(e.status)) {
        onState('refused', e);
        return;
      }
      wait = e.retryAfter ? e.retryAfter * 1000 : null;
    }
    lastEventId = parser.lastEventId;
    retry = parser.retry ?? retry;
    if (signal.aborted) {
      return;
    }
    onState('reconnecting');
    const backoff = Math.min(LONGEST_WAIT_MILLIS, retry * 2 ** Math.min(failures, 6));
    failures += 1;
    // spread, so that not all pages come back in the same moment
    await pause(wait ?? backoff * (0.7 + 0.6 * Math.random()), signal);
  }
}

const isForGood = (status) => status >= 400 && status < 500 && status !== 408 && status !== 429;

async function read(path, parser, signal, onOpen) {
  const silence = new AbortController();
  const abort = () => silence.abort();
  signal.addEventListener('abort', abort);
  let timer = setTimeout(abort, SILENCE_MILLIS);
  try {
    const response = await send(path, {
      signal: silence.signal,
      headers: {
        Accept: 'text/event-stream',
        ...(parser.lastEventId === '' ? {} : { 'Last-Event-ID': parser.lastEventId }),
      },
    });
    onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(abort, SILENCE_MILLIS);
      parser.push(value);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

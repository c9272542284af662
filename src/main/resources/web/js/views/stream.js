/** One stream, live: its summary, its transcript, its revisions, its memory. */
import { change, follow, get, streamPath } from '../api.js';
import { h, replace, say } from '../dom.js';
import { counted, number, talkTime } from '../format.js';
import { Memory } from '../parts/memory.js';
import { confirmed, problemBox } from '../parts/states.js';
import { Summary } from '../parts/summary.js';
import { Timeline } from '../parts/timeline.js';
import { Transcript } from '../parts/transcript.js';
import { Talk } from '../talk.js';

const CHUNKS = 512;
const REVISIONS = 256;
/** Screen readers are told of changes no more often than this. */
const TELL_MILLIS = 6000;
/** Chunks that came less long ago mean that somebody speaks. */
const SPEAKING_MILLIS = 12_000;
/** What comes sooner after the connection was made was said before. */
const PAST_MILLIS = 1500;

export function openStream(main, shell, { id, chunk }) {
  const view = new StreamView(main, shell, id);
  view.start(chunk);
  return view;
}

class StreamView {
  #main;
  #shell;
  #id;
  #abort = new AbortController();
  #talk = new Talk();
  #transcript;
  #summary;
  #timeline;
  #memory;
  #head;
  #about = null;
  #lastHeard = 0;
  #connectedAt = 0;
  #pastRead = false;
  #deleting = false;
  #news;
  #told = 0;
  #clock;
  #wanted;
  #pointing = false;
  #wasFollowing = true;

  constructor(main, shell, id) {
    this.#main = main;
    this.#shell = shell;
    this.#id = id;
    this.#transcript = new Transcript(this.#talk, (sequence) => this.#summary.light(sequence));
    this.#summary = new Summary(id, (sentence) => this.#point(sentence));
    this.#timeline = new Timeline(this.#talk, (summary, live) => this.#show(summary, live));
    this.#memory = new Memory(this.#talk);
    this.#summary.element.append(this.#memory.element);
    this.#news = h('p', { class: 'unseen', 'aria-live': 'polite' });
    this.#head = this.#header();
    shell.title(id);
    replace(main, h('div', { class: 'talk' }, this.#head.element, this.#summary.element,
      this.#transcript.element, this.#timeline.element, this.#news));
    // not an interval of the browser's frames: the state of a talk changes in a hidden tab, too
    this.#clock = setInterval(() => this.#tellState(), 2000);
  }

  start(chunk) {
    this.#wanted = chunk === undefined ? null : Number(chunk);
    const { signal } = this.#abort;
    follow(`${streamPath(this.#id, 'events')}?chunks=${CHUNKS}`, {
      signal,
      onEvent: (type, data) => this.#event(type, data),
      onState: (state, problem) => {
        this.#shell.connection(state);
        if (state === 'live') {
          this.#connectedAt = Date.now();
        }
        if (state === 'refused') {
          replace(this.#main, problemBox(problem, () => location.reload()));
        }
      },
    });
  }

  /** The address names another chunk of the same stream. */
  goTo({ chunk }) {
    if (chunk !== undefined) {
      this.#transcript.highlight([Number(chunk)]);
    }
  }

  close() {
    this.#abort.abort();
    clearInterval(this.#clock);
    this.#summary.close();
    this.#transcript.close();
    this.#timeline.close();
    this.#memory.close();
  }

  /** Revisions and states of the memory from before the page was opened. */
  async #readPast() {
    const { signal } = this.#abort;
    const [past, memory] = await Promise.allSettled([
      get(`${streamPath(this.#id, 'revisions')}?limit=${REVISIONS}`, signal),
      get(streamPath(this.#id, 'memory'), signal),
    ]);
    if (signal.aborted) {
      return;
    }
    if (past.status === 'fulfilled') {
      const before = this.#talk.latest;
      past.value.revisions.forEach((summary) => this.#talk.addSummary(summary));
      this.#timeline.changed();
      if (this.#talk.latest !== before && this.#timeline.live) {
        this.#show(this.#talk.latest, true);
      }
    }
    if (memory.status === 'fulfilled') {
      this.#about = memory.value;
      const newer = this.#talk.memory.slice();
      this.#talk.memory = [];
      [...(memory.value.history ?? []), memory.value, ...newer].forEach((state) => this.#talk.addMemory(state));
      this.#memory.changed(this.#about);
    }
  }

  #event(type, data) {
    switch (type) {
      case 'chunk': return this.#heard(data);
      case 'summary': return this.#summarised(data);
      case 'memory':
        this.#about = data;
        this.#talk.addMemory(data);
        return this.#memory.changed(this.#about);
      case 'end': return data.reason === 'erased' ? this.#erased() : this.#talk.end();
      case 'reset': return this.#again();
      default: return undefined; // of a later version
    }
  }

  #heard(chunk) {
    const what = this.#talk.addChunk(chunk);
    // record times of a talk that is played are its own, so what comes is heard now
    const past = Date.now() - this.#connectedAt < PAST_MILLIS;
    this.#lastHeard = Math.max(this.#lastHeard, past ? Math.min(chunk.timestamp, Date.now()) : Date.now());
    if (what === 'restart') {
      this.#transcript.reset();
    } else if (what !== 'same') {
      this.#transcript.changed(chunk.sequence, what === 'new');
    }
    if (chunk.sequence === this.#wanted) {
      this.#wanted = null;
      // once what came with it is drawn
      setTimeout(() => this.#transcript.highlight([chunk.sequence]), 100);
    }
    this.#tellState();
  }

  #summarised(summary) {
    if (!this.#pastRead) {
      // not sooner: of a stream that nobody knows yet there is none
      this.#pastRead = true;
      this.#readPast();
    }
    const isLatest = this.#talk.addSummary(summary);
    if (summary.final) {
      this.#talk.end();
    }
    this.#timeline.changed();
    if (isLatest && this.#timeline.live) {
      this.#show(summary, true);
      this.#tellNews(summary);
    }
    this.#tellState();
  }

  #show(summary, live) {
    this.#summary.show(summary, live);
    this.#timeline.shows(summary);
    this.#transcript.cite(summary.sentences.flatMap((sentence) => sentence.source.sequences));
    if (!live && summary.covered !== null) {
      this.#transcript.highlight([summary.covered.last], false);
    } else if (live) {
      this.#tellState();
    }
  }

  /** Shows what a sentence rests on; back to where the reader was when nothing is pointed at. */
  #point(sentence) {
    if (sentence === null) {
      this.#pointing = false;
      this.#transcript.clearHighlight();
      if (this.#wasFollowing && this.#timeline.live) {
        this.#transcript.toEnd();
      }
      return;
    }
    if (!this.#pointing) {
      this.#pointing = true;
      this.#wasFollowing = this.#transcript.following;
    }
    const { source } = sentence;
    if (!this.#transcript.highlight(source.sequences)) {
      const time = talkTime(source.startMillis);
      this.#shell.notice(`What this rests on${time ? `, said at ${time},` : ''} is no longer kept here.`);
    }
  }

  #erased() {
    this.#talk.reset();
    this.#transcript.reset();
    this.#summary.clear();
    this.#timeline.changed();
    this.#memory.changed(null);
    this.#shell.notice(`“${this.#id}” was erased.`);
    if (this.#deleting) {
      location.hash = '#/';
    }
  }

  /** Something was missed that is no longer to be had: everything is read again. */
  #again() {
    this.#pastRead = false;
    this.#talk.reset();
    this.#transcript.reset();
    get(`${streamPath(this.#id, 'chunks')}?limit=${CHUNKS}`, this.#abort.signal)
      .then((page) => page.chunks.forEach((chunk) => this.#heard(chunk)), () => {});
    get(streamPath(this.#id, 'summary'), this.#abort.signal).then((summary) => this.#summarised(summary), () => {});
  }

  #tellNews(summary) {
    const now = Date.now();
    if (summary.final || now - this.#told > TELL_MILLIS) {
      if (summary.added.length > 0 || summary.final) {
        this.#told = now;
        say(this.#news, `${summary.final ? 'Final summary. ' : ''}${counted(summary.added.length, 'sentence')} added, ${number(summary.removed.length)} taken back.`);
      }
    }
  }

  #tellState() {
    const { latest, order } = this.#talk;
    const state = this.#stateOf(latest);
    this.#head.state.dataset.state = state.name;
    say(this.#head.state, state.label);
    const facts = [];
    if (order.length > 0) {
      facts.push(counted(order.length, 'chunk'));
    }
    if (latest !== null) {
      facts.push(`revision ${number(latest.revision)}`);
      if (latest.epoch > 0) {
        facts.unshift(`talk ${number(latest.epoch + 1)}`);
      }
      facts.push(talkTime(this.#talk.reach(latest)));
    }
    say(this.#head.facts, facts.filter(Boolean).join(' · '));
    this.#head.end.hidden = !this.#shell.may('write') || latest === null || latest.final;
    this.#head.remove.hidden = !this.#shell.may('admin');
  }

  #stateOf(latest) {
    if (latest === null && this.#talk.order.length === 0) {
      return { name: 'quiet', label: 'waiting for a talk' };
    }
    if (latest?.final) {
      return { name: 'final', label: 'ended' };
    }
    return Date.now() - this.#lastHeard < SPEAKING_MILLIS
      ? { name: 'speaking', label: 'speaking' }
      : { name: 'quiet', label: 'quiet' };
  }

  #header() {
    const state = h('span', { class: 'state', 'data-state': 'quiet' });
    const facts = h('p', { class: 'facts' });
    const end = h('button', { type: 'button', class: 'small', hidden: true, onclick: () => this.#end() }, 'End talk');
    const remove = h('button', { type: 'button', class: 'small quiet', hidden: true, onclick: () => this.#delete() }, 'Delete');
    const element = h('header', { class: 'talk-head' },
      h('h1', {}, h('bdi', {}, this.#id)), state, facts, h('div', { class: 'actions' }, end, remove));
    return { element, state, facts, end, remove };
  }

  async #end() {
    if (await confirmed({
      title: 'End this talk?',
      text: 'Its final summary is given. What is said after that begins a new talk.',
      yes: 'End talk',
    })) {
      await this.#ask('POST', streamPath(this.#id, 'end'));
    }
  }

  async #delete() {
    if (await confirmed({
      title: 'Delete this stream?',
      text: `Summary, memory and state of “${this.#id}” are erased for everybody. This cannot be undone.`,
      yes: 'Delete',
    })) {
      this.#deleting = true;
      if (await this.#ask('DELETE', streamPath(this.#id))) {
        this.#shell.notice('Asked to be erased; it is done when its turn comes.');
      } else {
        this.#deleting = false;
      }
    }
  }

  async #ask(method, path) {
    try {
      await change(method, path);
      return true;
    } catch (problem) {
      this.#shell.notice(problem.message);
      return false;
    }
  }
}

/** Records that could not be summarised, and why. */
import { get } from '../api.js';
import { streamAddress } from '../address.js';
import { h, replace } from '../dom.js';
import { bytes, counted, moment } from '../format.js';
import { problemBox } from '../parts/states.js';

const EVERY_MILLIS = 5000;
const LIMIT = 200;

export function openDeadLetters(main, shell) {
  const abort = new AbortController();
  const lede = h('p', { class: 'lede' });
  const list = h('ol', { class: 'letters' });
  shell.title('Dead letters');
  replace(main, h('div', { class: 'dead' },
    h('header', { class: 'intro' }, h('h1', {}, 'Dead letters'), lede), list));
  let shown = null;

  async function read() {
    try {
      const page = await get(`/v1/dead-letters?limit=${LIMIT}`, abort.signal);
      shell.connection('live');
      shell.deadLetters(page.total);
      // the same list is left alone: somebody may be reading or copying
      const version = `${page.total}/${page.deadLetters.map((letter) => `${letter.partition}-${letter.offset}`).join()}`;
      if (version !== shown) {
        shown = version;
        replace(lede, page.total === 0
          ? 'None. What cannot be read or comes too late ends here, with its original bytes; the stream goes on.'
          : `${counted(page.total, 'record')} could not be summarised. The streams went on.`);
        replace(list, page.deadLetters.map(letter));
      }
    } catch (problem) {
      if (abort.signal.aborted) {
        return;
      }
      shell.connection('reconnecting');
      if (shown === null && problem.status !== 0) {
        replace(list, h('li', {}, problemBox(problem, read)));
      }
    }
  }

  read();
  const clock = setInterval(read, EVERY_MILLIS);
  return {
    close() {
      abort.abort();
      clearInterval(clock);
    },
  };
}

function letter({ streamId, timestamp, exception, reason, source, partition, offset, bytes: size }) {
  return h('li', { class: 'letter' },
    h('p', { class: 'reason', dir: 'auto' }, reason || 'No reason was given'),
    h('p', { class: 'row-facts' },
      streamId === null ? h('span', { class: 'fact' }, 'no stream')
        : h('a', { href: streamAddress(streamId) }, h('bdi', {}, streamId)),
      h('time', { class: 'fact', datetime: new Date(timestamp).toISOString() }, moment(timestamp)),
      source && h('span', { class: 'fact' }, `${source.topic}, partition ${source.partition}, offset ${source.offset}`),
      typeof size === 'number' && h('span', { class: 'fact' }, bytes(size)),
      exception && h('span', { class: 'fact', title: exception }, exception.split('.').at(-1))),
    h('p', { class: 'row-facts' }, h('code', {}, `gistream dead-letters show ${partition} ${offset}`)));
}

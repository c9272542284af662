/** A transcript of one's own: dropped, chosen or pasted, then watched while it is summarised. */
import { change, streamPath } from '../api.js';
import { streamAddress } from '../address.js';
import { h, replace, say } from '../dom.js';
import { bytes, counted, words } from '../format.js';
import { problemBox } from '../parts/states.js';

/** Types the service tells apart; anything else it finds out by content. */
const TYPES = {
  vtt: 'text/vtt', srt: 'application/x-subrip', json: 'application/json', jsonl: 'application/jsonl',
  csv: 'text/csv', ttml: 'application/ttml+xml', xml: 'application/xml', txt: 'text/plain', md: 'text/plain',
};

export function openUpload(main, shell) {
  let file = null;

  const name = h('input', { id: 'talk-name', name: 'name', maxlength: '256', autocomplete: 'off', spellcheck: 'false', required: true });
  const picker = h('input', { id: 'talk-file', class: 'unseen', type: 'file', onchange: () => choose(picker.files[0]) });
  const chosen = h('p', { class: 'chosen', role: 'status' });
  const pasted = h('textarea', {
    id: 'talk-text', rows: '8', spellcheck: 'false', placeholder: 'Ada: So we ship on Friday.\nGrace: If the tests pass.',
    oninput: () => pasted.value !== '' && choose(null),
  });
  const speeds = [['60', 'Sixty times faster than it was said'], ['10', 'Ten times faster'], ['1', 'As it was said'], ['0', 'All at once']];
  const speed = h('select', { id: 'talk-speed' }, speeds.map(([value, label]) => h('option', { value }, label)));
  const problems = h('div');
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Summarise');
  const drop = h('div', { class: 'drop' },
    h('p', {}, h('strong', {}, 'Drop a transcript here'), ' or ', h('label', { for: 'talk-file', class: 'pick' }, 'choose a file')),
    h('p', { class: 'note' }, 'WebVTT, SRT, plain text, JSON, and what Whisper, Deepgram, AWS, Teams and others write.'),
    picker, chosen);
  const form = h('form', { class: 'upload', onsubmit: send },
    drop,
    h('div', { class: 'field' }, h('label', { for: 'talk-text' }, 'or paste it'), pasted),
    h('div', { class: 'pair' },
      h('div', { class: 'field' }, h('label', { for: 'talk-name' }, 'Name of the stream'), name),
      h('div', { class: 'field' }, h('label', { for: 'talk-speed' }, 'Pace'), speed)),
    problems, submit);

  // a file that misses the area must not open in the page's place
  const overPage = (e) => {
    e.preventDefault();
    drop.classList.toggle('over', e.type === 'dragover');
    if (e.type === 'drop' && e.dataTransfer.files.length > 0) {
      choose(e.dataTransfer.files[0]);
    }
  };
  const events = ['dragover', 'dragleave', 'drop'];
  events.forEach((event) => main.ownerDocument.addEventListener(event, overPage));

  shell.title('New talk');
  replace(main, h('div', { class: 'new' },
    h('header', { class: 'intro' }, h('h1', {}, 'New talk'), h('p', { class: 'lede' }, 'Bring a transcript and watch its summary grow.')), form));
  const mayWrite = shell.about === null || shell.may('write');
  if (!mayWrite) {
    replace(problems, problemBox({ title: 'Your key may only read', message: 'Sending a transcript needs a key with the role write.' }));
    submit.disabled = true;
  }

  function choose(next) {
    file = next ?? null;
    say(chosen, file === null ? '' : `${file.name}, ${bytes(file.size)}`);
    if (file === null) {
      picker.value = '';
    } else {
      pasted.value = '';
      if (name.value === '' || name.dataset.own !== 'true') {
        name.value = file.name.replace(/\.[^.]*$/, '').replace(/\p{Cc}/gu, '').slice(0, 256);
      }
    }
  }
  name.addEventListener('input', () => {
    name.dataset.own = String(name.value !== '');
  });
  pasted.addEventListener('input', () => {
    if (name.dataset.own !== 'true') {
      const now = new Date();
      const two = (n) => String(n).padStart(2, '0');
      name.value = `talk-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}`;
    }
  });

  async function send(e) {
    e.preventDefault();
    replace(problems);
    const text = pasted.value;
    if (file === null && text.trim() === '') {
      replace(problems, problemBox({ title: 'Nothing to summarise', message: 'Drop a file, choose one, or paste a transcript.' }));
      return;
    }
    const size = file === null ? new Blob([text]).size : file.size;
    const most = shell.about?.limits.bodyBytes ?? Infinity;
    if (size > most) {
      replace(problems, problemBox({ title: 'Too large', message: `This is ${bytes(size)}; the service takes ${bytes(most)}.` }));
      return;
    }
    submit.disabled = true;
    say(submit, 'Sending…');
    const id = name.value;
    try {
      const type = file === null ? pastedType(text) : TYPES[file.name.split('.').at(-1).toLowerCase()] ?? 'application/octet-stream';
      const answer = await change('POST', `${streamPath(id, 'transcript')}?speed=${speed.value}`, file ?? text, type);
      shell.notice(`${counted(answer.chunks, 'chunk')}, ${counted(answer.words ?? words(text), 'word')}${answer.playing ? '; it plays now' : ''}.`);
      location.hash = streamAddress(id);
    } catch (problem) {
      replace(problems, problemBox(problem.status === 409
        ? { title: 'This stream is in use', message: `${problem.message} Take another name, or wait until its talk has ended.` }
        : problem));
    } finally {
      submit.disabled = false;
      say(submit, 'Summarise');
    }
  }

  return {
    close() {
      events.forEach((event) => main.ownerDocument.removeEventListener(event, overPage));
    },
  };
}

/** JSON has its own type; everything else that is text is told apart by content. */
const pastedType = (text) => (/^\s*[[{]/.test(text) ? TYPES.json : TYPES.txt);

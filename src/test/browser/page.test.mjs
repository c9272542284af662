/** The web page in a real browser, served by the real service. See ./run. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch, violations, withPage } from './browser.mjs';
import { eventually, run, Service } from './service.mjs';

const MEETING = (await readFile(new URL('../../main/resources/demo/meeting.jsonl', import.meta.url), 'utf8'))
  .trim().split('\n').map((line, sequence) => {
    const { start, speaker, text } = JSON.parse(line);
    return { sequence, startMillis: Math.round(start * 1000), speaker, text };
  });

/** Runs as code if the page puts it in as markup. */
const HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script><svg onload="window.hit=1">';

let service;
let browser;

before(async () => {
  service = await Service.start(['correction.horizon=1']);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

const address = (id) => `${service.url}/#/streams/${encodeURIComponent(id)}`;

async function spoken(id, from, to) {
  await service.say(id, MEETING.slice(from, to));
  return eventually(`${id} is summarised`, async () => {
    const summary = await service.summary(id);
    return summary.covered?.last >= to - 1 && summary;
  });
}

test('a talk is shown while it is said and summarised', async () => {
  await spoken('live', 0, 6);
  await withPage(browser, {}, async (page) => {
    await page.goto(address('live'));
    await page.locator('.chunk').nth(5).waitFor();
    await page.locator('.sentence').first().waitFor();
    const before = await page.locator('.where').textContent();
    await page.evaluate(() => {
      window.marked = 0;
      new MutationObserver(() => {
        window.marked += document.querySelectorAll('.sentence.added').length;
      }).observe(document.querySelector('.sentences'), { subtree: true, childList: true, attributes: true });
    });
    const summary = await spoken('live', 6, 16);
    await page.getByText('Revision', { exact: false }).filter({ hasText: `of ${summary.revision}` }).first().waitFor();
    assert.notEqual(await page.locator('.where').textContent(), before);
    assert.ok(await page.evaluate(() => window.marked) > 0, 'what a revision adds is marked');
    await eventually('the page shows the summary of the service', async () =>
      (await page.locator('.sentence:not(.removed)').evaluateAll((rows) => rows.map((row) => row.dataset.text))).join(' ')
        === (await service.summary('live')).text);
    const last = page.locator('.chunk').last();
    assert.equal(await last.locator('.text').textContent(), MEETING[15].text);
    assert.ok(await inView(last), 'the transcript follows');
    assert.equal(await page.locator('.state').textContent(), 'speaking');
    const picture = await page.getByRole('img', { name: /Share of neurons that fire, 2 layers of 8 heads/ });
    assert.equal(await picture.count(), 1);
  });
});

test('a sentence leads to the chunks it rests on', async () => {
  const summary = await spoken('sources', 0, 20);
  const sentence = summary.sentences[0];
  await withPage(browser, {}, async (page) => {
    await page.goto(address('sources'));
    const link = page.locator('.sentence a').filter({ hasText: sentence.text }).first();
    const lit = () => page.locator('.chunk.lit').evaluateAll((rows) => rows.map((row) => Number(row.dataset.sequence)));

    await link.hover();
    await eventually('its chunks are highlighted', async () => same(await lit(), sentence.source.sequences));
    await eventually('and in view', () => inView(page.locator('.chunk.lit').first()));
    assert.ok((await page.locator('.chunk.lit').first().textContent()).includes(sentence.source.speakers[0])
      || (await link.textContent()).includes(sentence.source.speakers[0]), 'with the speaker');
    await page.mouse.move(5, 5);
    await eventually('nothing is highlighted any more', async () => (await lit()).length === 0);
    await eventually('and the end is shown again', () => inView(page.locator('.chunk').last()));

    await link.click();
    await page.mouse.move(5, 5);
    await page.waitForTimeout(300);
    assert.ok(same(await lit(), sentence.source.sequences), 'a click keeps it');
    await page.keyboard.press('Escape');
    await eventually('Escape lets go', async () => (await lit()).length === 0);

    const other = page.locator('.chunk.cited').first();
    await other.hover();
    await page.locator('.sentence.lit').first().waitFor();
  });
});

test('a finger finds the chunks on a phone', async () => {
  const summary = await spoken('phone', 0, 12);
  await withPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async (page) => {
    await page.goto(address('phone'));
    await page.locator('.sentence a').first().tap();
    await page.locator('.chunk.lit').first().waitFor();
    await eventually('the chunk is in view', () => inView(page.locator('.chunk.lit').first()));
    assert.equal(Number(await page.locator('.chunk.lit').first().getAttribute('data-sequence')), summary.sentences[0].source.sequences[0]);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is cut at the side');
  });
});

test('the keyboard alone goes everywhere', async () => {
  await spoken('keys', 0, 12);
  await withPage(browser, {}, async (page) => {
    await page.goto(service.url);
    await page.locator('.stream').first().waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to content');
    await tabTo(page, /^keys/);
    await page.keyboard.press('Enter');
    await page.locator('.sentence').first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    await tabTo(page, /^\d\d:\d\d/);
    await page.locator('.chunk.lit').first().waitFor();
    const slider = page.getByRole('slider', { name: 'Revision of the summary' });
    for (let i = 0; i < 40 && !(await slider.evaluate((element) => element === document.activeElement)); i++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Home');
    assert.match(await slider.getAttribute('aria-valuetext'), /^Revision 1 of /);
    await page.keyboard.press('ArrowRight');
    assert.match(await slider.getAttribute('aria-valuetext'), /^Revision 2 of /);
    await tabTo(page, /^Back to now$/);
    await page.keyboard.press('Enter');
    assert.ok(await slider.evaluate((element) => element === document.activeElement && element.value === element.max));
  });
});

test('the timeline goes back to any revision', async () => {
  const summary = await spoken('back', 0, 14);
  // the last chunk may be summarised more than once: when it is heard, and when its segment is full
  const revisionsNow = async () => (await service.request('GET', 'back', '/revisions?limit=256')).revisions;
  let revisions;
  // revisions are read from the topic, which may be behind what the stream itself says
  const early = await eventually('there was an earlier revision', async () => {
    revisions = await revisionsNow();
    return revisions.find((revision) => revision.sentences.length > 0 && revision.text !== summary.text);
  });
  await withPage(browser, {}, async (page) => {
    await page.goto(address('back'));
    await page.locator('.track input:enabled').waitFor();
    await eventually('all revisions are there', async () => {
      revisions = await revisionsNow();
      return Number(await page.locator('.track input').getAttribute('max')) === revisions.length - 1;
    });
    await page.locator('.track input').fill(String(revisions.findIndex(({ revision }) => revision === early.revision)));
    await eventually('the revision is shown', async () => await shownText(page) === early.text);
    await service.say('back', MEETING.slice(14, 15));
    await page.waitForTimeout(1000);
    assert.equal(await shownText(page), early.text, 'what comes meanwhile does not push the reader away');
    await page.getByRole('button', { name: 'Back to now' }).click();
    await eventually('the present is shown', async () => await shownText(page) === (await service.summary('back')).text);
  });
});

test('a file is uploaded and its talk is summarised to the end', async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(`${service.url}/#/new`);
    await page.locator('#talk-file').setInputFiles({ name: 'Board meeting.vtt', mimeType: 'text/vtt', buffer: Buffer.from(vtt(MEETING.slice(0, 12))) });
    assert.equal(await page.locator('#talk-name').inputValue(), 'Board meeting');
    await page.locator('#talk-speed').selectOption('0');
    await page.getByRole('button', { name: 'Summarise' }).click();
    await page.locator('.state[data-state="final"]').waitFor();
    assert.equal(await page.locator('h1').textContent(), 'Board meeting');
    await page.locator('.lead .tag.final').waitFor();
    await page.getByText('End of the talk').waitFor();
    assert.ok(await page.locator('.sentence').count() > 0);
  });
});

test('a transcript is dropped, or pasted and played; a name in use is told', async () => {
  await withPage(browser, { forgive: /409/ }, async (page) => {
    await page.goto(`${service.url}/#/new`);
    const transfer = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'dropped.txt', { type: 'text/plain' }));
      return data;
    }, 'Ada: We ship the release on Friday.\nGrace: The tests must pass before that.\n');
    await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
    await page.locator('.chosen').filter({ hasText: 'dropped.txt' }).waitFor();
    assert.equal(await page.locator('#talk-name').inputValue(), 'dropped');

    await page.locator('#talk-text').fill(vtt(MEETING.slice(0, 30)));
    assert.equal(await page.locator('.chosen').textContent(), '', 'what is pasted is in the place of the file');
    await page.locator('#talk-name').fill('pasted');
    await page.locator('#talk-speed').selectOption('60');
    await page.getByRole('button', { name: 'Summarise' }).click();
    await page.locator('.chunk').first().waitFor();

    await page.goto(`${service.url}/#/new`);
    await page.locator('#talk-text').fill('Ada: We ship on Friday.');
    await page.locator('#talk-name').fill('pasted');
    await page.getByRole('button', { name: 'Summarise' }).click();
    await page.getByRole('alert').filter({ hasText: 'This stream is in use' }).waitFor();

    await page.goto(address('pasted'));
    await page.getByRole('button', { name: 'End talk' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End talk' }).click();
    await page.locator('.state[data-state="final"]').waitFor();
  });
});

test('a stream is deleted only after a question', async () => {
  await spoken('unwanted', 0, 5);
  await withPage(browser, {}, async (page) => {
    await page.goto(address('unwanted'));
    await page.locator('.sentence').first().waitFor();
    const ask = page.getByRole('button', { name: 'Delete' });
    await ask.click();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.ok(await service.summary('unwanted'), 'the first button of the question is the harmless one');
    await ask.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.locator('.overview').waitFor();
    await eventually('it is gone', () => service.summary('unwanted').then(() => false, () => true));
    await eventually('from the list, too', async () => await page.locator('.stream .name', { hasText: /^unwanted$/ }).count() === 0);
  });
});

test('after a restart of the server the page goes on where it was', async () => {
  await spoken('restart', 0, 8);
  await withPage(browser, { forgive: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|503/ }, async (page) => {
    await page.goto(address('restart'));
    await page.locator('.chunk').nth(7).waitFor();
    await page.evaluate(() => {
      window.samePage = true;
    });
    await service.down();
    await page.locator('#connection[data-state="reconnecting"]').waitFor();
    assert.equal(await page.locator('.chunk').count(), 8, 'what was there stays');
    await service.up();
    const summary = await spoken('restart', 8, 14);
    await page.locator('#connection[data-state="live"]').waitFor();
    await eventually('the page has caught up', async () => await shownText(page) === summary.text);
    assert.deepEqual(await page.locator('.chunk').evaluateAll((rows) => rows.map((row) => Number(row.dataset.sequence))),
      MEETING.slice(0, 14).map((chunk) => chunk.sequence), 'nothing is missing, nothing is there twice');
    assert.ok(await page.evaluate(() => window.samePage), 'without loading the page again');
  });
});

test('hostile text and ids are text', async () => {
  const id = `"><b>a/b%2F..?#&+ ä\u202e${HOSTILE}`.slice(0, 200);
  await service.say(id, [
    { sequence: 0, text: `The release ships on Friday ${HOSTILE} and everybody knows it.`, speaker: HOSTILE },
    { sequence: 1, text: `javascript:alert(1) \u202e reversed ${'<'.repeat(3000)}`, speaker: '\u202eadA' },
  ]);
  await eventually('it is summarised', async () => (await service.summary(id)).sentences.length > 0);
  await withPage(browser, {}, async (page) => {
    const response = await page.goto(service.url);
    assert.match(response.headers()['content-security-policy'], /default-src 'self'/);
    const row = page.locator('.stream').filter({ hasText: 'a/b%2F' });
    await row.waitFor();
    await row.click();
    await page.locator('.sentence').first().waitFor();
    assert.equal(await page.locator('h1').textContent(), id);
    assert.ok((await page.locator('.chunk').first().textContent()).includes(HOSTILE), 'it is shown as it is');
    await page.locator('.sentence a').first().click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.equal(await page.locator('main img, main script, main b, dialog img').count(), 0);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is pushed out');
  });
});

test('of a long talk only a window is in the document; what is no chunk is a dead letter', async () => {
  const count = 700;
  const all = Array.from({ length: count }, (_, sequence) => ({ sequence, text: `Point ${sequence} of the list is settled.`, speaker: sequence % 9 < 4 ? 'Ada' : 'Grace' }));
  // so many at once may be more than the service keeps for one client: it is cut off then, and goes on where it was
  await withPage(browser, { forgive: /ERR_INCOMPLETE_CHUNKED/ }, async (page) => {
    await page.goto(address('long'));
    await service.say('long', all);
    await page.locator(`.chunk[data-sequence="${count - 1}"]`).waitFor();
    const shown = () => page.locator('.chunk').count();
    assert.ok(await shown() <= 200, `${await shown()} rows`);
    const first = () => page.locator('.chunk').first().getAttribute('data-sequence').then(Number);
    await page.locator('.transcript .scroller').hover();
    for (let i = 0; i < 400 && await first() > 0; i++) {
      await page.mouse.wheel(0, -3000);
      await page.waitForTimeout(20);
    }
    assert.equal(await first(), 0, 'the beginning can be scrolled to');
    assert.ok(await shown() <= 200);
    await page.locator('.jump').click();
    await eventually('and the end', () => inView(page.locator(`.chunk[data-sequence="${count - 1}"]`)));

    await eventually('all is summarised', async () => (await service.summary('long')).covered.last === count - 1);
    await service.say('long', [{ sequence: 3, text: 'Something else was said here, much too late.' }]);
    await page.getByRole('link', { name: /Dead letters/ }).click();
    await page.locator('.letter').first().waitFor();
    assert.ok((await page.locator('.letter').first().textContent()).includes('long'));
  });
});

test('gaps, drafts and corrections are shown for what they are', async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(address('odd'));
    await page.getByText('waiting for a talk').waitFor();
    await service.say('odd', [{ sequence: 0, text: 'We begin with the budget.', speaker: 'Ada' }, { sequence: 1, text: 'The bud', status: 'DRAFT' }]);
    await page.locator('.chunk.draft').filter({ hasText: 'The bud' }).waitFor();
    await service.say('odd', [{ sequence: 1, text: 'The budget is approved.' }]);
    await page.locator('.chunk:not(.draft)').filter({ hasText: 'The budget is approved.' }).waitFor();
    await service.say('odd', [{ sequence: 4, text: 'Then we close.' }]);
    await page.getByText('Chunks 2 to 3 are missing').waitFor();
    await service.say('odd', [{ sequence: 2, text: 'The plan is next.' }, { sequence: 3, text: 'It needs a week.' }]);
    await page.getByText('Chunks 2 to 3 are missing').waitFor({ state: 'detached' });
    assert.deepEqual(await page.locator('.chunk').evaluateAll((rows) => rows.map((row) => Number(row.dataset.sequence))), [0, 1, 2, 3, 4]);
  });
});

test('keys of a file: asked for, kept in the tab, and for what they may do', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'gistream-keys-'));
  const file = path.join(directory, 'keys');
  const create = async (id, ...more) => (await run(['api-key', 'create', '--id', id, ...more, '--keys-file', file])).trim();
  const reader = await create('reader', '--role', 'read');
  const tenant = await create('tenant', '--role', 'read', '--prefix', 'acme/');
  const admin = await create('boss', '--role', 'admin');
  const guarded = await Service.start([`http.auth.keys-file=${file}`]);
  try {
    guarded.key = admin;
    await guarded.say('guarded', MEETING.slice(0, 5));
    await eventually('it is summarised', () => guarded.summary('guarded'));
    const enter = async (page, key) => {
      await page.locator('#api-key').fill(key);
      await page.keyboard.press('Enter');
    };
    await withPage(browser, { forgive: /401/ }, async (page) => {
      await page.goto(guarded.url);
      for (const wrong of ['gst_wrong', reader.slice(0, -1)]) {
        await enter(page, wrong);
        await page.getByText('The key was not accepted').waitFor();
        assert.equal(await page.getByRole('dialog').count(), 1, 'one question, however many requests wait');
        assert.equal(await page.locator('.stream').count(), 0);
      }
      await enter(page, reader);
      await page.locator('.stream').filter({ hasText: 'guarded' }).waitFor();
      await page.reload();
      await page.locator('.stream').first().waitFor();
      assert.equal(await page.evaluate(() => localStorage.length), 0);
      assert.ok(!page.url().includes(reader));

      await page.goto(`${guarded.url}/#/streams/guarded`);
      await page.locator('.sentence').first().waitFor();
      assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0);
      assert.equal(await page.getByRole('button', { name: 'End talk' }).count(), 0);
      await page.goto(`${guarded.url}/#/new`);
      await page.getByText('Your key may only read').waitFor();
      guarded.key = reader;
      await assert.rejects(guarded.say('guarded', MEETING.slice(5, 6)), /403.*'reader' lacks the role write/);
      await assert.rejects(guarded.request('DELETE', 'guarded', ''), /403.*'reader' lacks the role admin/);
      assert.ok(await guarded.summary('guarded'), 'it is still there');
    });
    await withPage(browser, { forgive: /401/ }, async (page) => {
      await page.goto(`${guarded.url}/#/streams/guarded`);
      await enter(page, admin);
      await page.getByRole('button', { name: 'Delete' }).waitFor();
      await page.getByRole('button', { name: 'End talk' }).waitFor();
    });
    await withPage(browser, { forgive: /401|403/ }, async (page) => {
      await page.goto(guarded.url);
      await enter(page, tenant);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.goto(`${guarded.url}/#/streams/guarded`);
      await page.getByRole('alert').first().waitFor();
      assert.equal(await page.locator('.sentence').count(), 0, 'another tenant sees nothing of it');
    });
  } finally {
    await guarded.stop();
    await rm(directory, { recursive: true, force: true });
  }
});

test('what cannot be had is said', async () => {
  await withPage(browser, { forgive: /403|500/ }, async (page) => {
    await page.route('**/v1/streams/secret/**', (route) => route.fulfill({
      status: 403, contentType: 'application/problem+json', body: '{"title":"Forbidden","status":403,"detail":"This key is not for \'secret\'."}' }));
    await page.goto(address('secret'));
    await page.getByRole('alert').filter({ hasText: 'This key is not for' }).waitFor();
    await page.goto(`${service.url}/#/`);
    await page.locator('.overview').waitFor();
  });
});

for (const colorScheme of ['light', 'dark']) {
  test(`nothing stands in the way of assistive technology, ${colorScheme}`, async () => {
    await spoken('axe', 0, 12);
    await withPage(browser, { colorScheme, reducedMotion: 'reduce' }, async (page) => {
      await page.goto(service.url);
      await page.locator('.stream').first().waitFor();
      assert.deepEqual(await violations(page), [], 'overview');
      await page.goto(address('axe'));
      await page.locator('.sentence').first().waitFor();
      await page.locator('.as-table summary').click();
      await page.locator('.sentence a').first().click();
      await page.locator('.chunk.lit').first().waitFor();
      assert.deepEqual(await violations(page), [], 'stream');
      await page.locator('.track input').fill('1');
      assert.deepEqual(await violations(page), [], 'stream, an earlier revision');
      await page.getByRole('button', { name: 'Delete' }).click();
      assert.deepEqual(await violations(page), [], 'question');
      await page.keyboard.press('Escape');
      for (const view of ['new', 'dead-letters']) {
        await page.goto(`${service.url}/#/${view}`);
        await page.locator('h1').waitFor();
        assert.deepEqual(await violations(page), [], view);
      }
      await page.setViewportSize({ width: 320, height: 480 });
      await page.goto(address('axe'));
      await page.locator('.sentence').first().waitFor();
      assert.deepEqual(await violations(page), [], 'stream, very small');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is cut at the side');
    });
  });
}

test('a chosen theme stays', async () => {
  await withPage(browser, { colorScheme: 'light' }, async (page) => {
    await page.goto(service.url);
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
  });
});

test('events are read in pieces of any size', async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(service.url);
    const seen = await page.evaluate(async () => {
      const { EventParser } = await import('/js/sse.js');
      const text = '\uFEFF: comment\r\nid: 1\r\nevent: chunk\r\ndata: {"a":\r\ndata: 1}\r\n\r\nretry: 250\n\ndata:x\r\rid\ndata: y\n\nevent: lost\n\ndata: cut';
      return [1, 2, 3, 7, 1000].map((size) => {
        const events = [];
        const parser = new EventParser((event) => events.push(event));
        for (let i = 0; i < text.length; i += size) {
          parser.push(text.slice(i, i + size));
        }
        return JSON.stringify([events, parser.retry, parser.lastEventId]);
      });
    });
    assert.equal(new Set(seen).size, 1, 'however they are cut');
    assert.deepEqual(JSON.parse(seen[0]), [[
      { type: 'chunk', id: '1', data: '{"a":\n1}' },
      { type: 'message', id: '1', data: 'x' },
      { type: 'message', id: '', data: 'y' },
    ], 250, '']);
  });
});

async function inView(locator) {
  const box = await locator.boundingBox();
  const pane = await locator.page().locator('.transcript .scroller').boundingBox();
  return box !== null && box.y + Math.min(box.height, 20) > pane.y && box.y < pane.y + pane.height - 10;
}

const shownText = async (page) =>
  (await page.locator('.sentence:not(.removed)').evaluateAll((rows) => rows.map((row) => row.dataset.text))).join(' ');

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

async function tabTo(page, pattern) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    if (pattern.test(await focused(page))) {
      return;
    }
  }
  throw new Error(`no ${pattern} to be reached with Tab`);
}

function vtt(chunks) {
  const time = (millis) => new Date(millis).toISOString().slice(11, 23);
  return `WEBVTT\n\n${chunks.map(({ startMillis, speaker, text }, i) =>
    `${time(startMillis)} --> ${time(chunks[i + 1]?.startMillis ?? startMillis + 3000)}\n<v ${speaker}>${text}\n`).join('\n')}`;
}

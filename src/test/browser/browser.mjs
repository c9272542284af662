/** A real Chromium, and pages in it that remember what went wrong. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // without these it asks hosts of its maker at every start
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
});

/**
 * Opens a page, hands it to a test, and fails when anything came up on its console.
 *
 * @param {object} options of the browser context, and `forgive`: a pattern of messages that are
 *     no mistake in this test
 */
export async function withPage(browser, options, test) {
  const { forgive, ...context } = options;
  const tab = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
  const page = await tab.newPage();
  page.setDefaultTimeout(60_000);
  const errors = [];
  const note = (text) => !forgive?.test(text) && errors.push(text);
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && note(message.text()));
  page.on('pageerror', (error) => note(error.stack));
  try {
    await test(page);
    assert.deepEqual(errors, [], 'errors on the console');
  } finally {
    await tab.close();
  }
}

/** What axe finds wrong: rules and the elements that break them. */
export async function violations(page) {
  await page.evaluate(AXE);
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return result.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

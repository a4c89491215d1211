/** The page in a real browser, where there is one: no fault for a screen reader, filters without script, phone and desk. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCommand, root } from './command.ts';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const WIDTHS = { phone: 360, desk: 1280 } as const;
const LOOKS = ['light', 'dark'] as const;

describe.runIf(BROWSER !== undefined)('the report in a browser', () => {
  const { folder, run } = builtCommand();
  const page = join(folder, 'report.html');
  let browser: Browser;

  beforeAll(async () => {
    await run(['replay', join(root, 'cli', 'sample-trail'), '--rollback', '--store', join(folder, 'store')]);
    await run(['report', '--store', join(folder, 'store'), '--out', page]);
    browser = await puppeteer.launch({
      ...(BROWSER === undefined ? {} : { executablePath: BROWSER }),
      // Tests may run as root, where Chromium's own sandbox does not.
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
  });

  afterAll(async () => {
    await browser.close();
  });

  async function open(width: number, look: (typeof LOOKS)[number] = 'light'): Promise<Page> {
    const tab = await browser.newPage();
    await tab.setViewport({ width, height: 900 });
    await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: look }]);
    await tab.goto(pathToFileURL(page).href);
    return tab;
  }

  it.each(
    LOOKS.flatMap((look) => Object.entries(WIDTHS).map(([device, width]) => [look, device, width] as const)),
  )('has no fault that a checker of accessibility finds: %s, %s', async (look, _, width) => {
    const tab = await open(width, look);
    // The page itself lets no script run; the checker's is the browser's own.
    await tab.setBypassCSP(true);
    await tab.reload();

    await tab.evaluate(axe.source);
    // In the page's words: what runs there is no module of ours.
    const faults = await tab.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
    );

    expect(faults).toEqual([]);
    await tab.close();
  });

  it.each(Object.entries(WIDTHS))('fits the width of a %s', async (_, width) => {
    const tab = await open(width);

    const overflow = await tab.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );

    expect(overflow).toBeLessThanOrEqual(0);
    await tab.close();
  });

  it('hides what an unticked box stands for, by keyboard, and goes back to what was first shown', async () => {
    const tab = await open(WIDTHS.desk);
    const shown = async () =>
      Number(
        await tab.evaluate(
          "[...document.querySelectorAll('.finding')].filter((one) => getComputedStyle(one).display !== 'none').length",
        ),
      );
    const all = await shown();

    await tab.focus('#show-severity-1');
    await tab.keyboard.press('Space');
    const fewer = await shown();
    await tab.click('button[type=reset]');

    expect(fewer).toBeLessThan(all);
    expect(fewer).toBeGreaterThan(0);
    expect(await shown()).toBe(all);
    await tab.close();
  });

  it('shows a closed finding to whoever follows a link to it', async () => {
    const tab = await open(WIDTHS.desk);

    const [before, after] = (await tab.evaluate(`
      const one = document.querySelector('.finding:not(.active)');
      const shown = () => getComputedStyle(one).display;
      const before = shown();
      location.hash = one.id;
      [before, shown()];
    `)) as string[];

    expect([before, after]).toEqual(['none', 'block']);
    await tab.close();
  });

  it('finds by words, and counts what is left', async () => {
    const tab = await open(WIDTHS.desk);

    await tab.type('#search', 'read-reports');

    const shown = await tab.evaluate(
      "[...document.querySelectorAll('.finding')].filter((one) => getComputedStyle(one).display !== 'none').map((one) => one.textContent.includes('read-reports'))",
    );
    expect(shown).toContain(true);
    expect(shown).not.toContain(false);
    await tab.close();
  });

  it('asks the network for nothing', async () => {
    const tab = await browser.newPage();
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));

    await tab.goto(pathToFileURL(page).href);

    expect(asked).toEqual([pathToFileURL(page).href]);
    await tab.close();
  });
});

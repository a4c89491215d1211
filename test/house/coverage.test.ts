import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COVERAGE_PAGES, MARKERS } from '../../scripts/coverage.ts';
import { EVENT_TABLE } from '../../shared/services/eventTable.ts';
import { TARGET_KINDS } from '../../shared/targets/kindNames.ts';

describe('what the pages say is covered', () => {
  it.each(COVERAGE_PAGES)('is in $path what `npm run generate` writes', async ({ path, render }) => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const [start, end] = MARKERS.map((marker) => text.indexOf(marker));

    expect(text.slice((start ?? 0) + MARKERS[0].length, end).trim()).toBe(await render());
  });

  it('has a row for every kind, with an event that leads to it', () => {
    const reached = new Set(EVENT_TABLE.map(({ kind }) => kind));

    expect(TARGET_KINDS.filter((kind) => !reached.has(kind))).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MARKERS, renderCoverage } from '../../scripts/coverage.ts';
import { EVENT_TABLE } from '../../shared/changes/eventTable.ts';
import { TARGET_KINDS } from '../../shared/targets/target.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('the README’s table of what is covered', () => {
  it('is what `npm run generate` writes', () => {
    const [start, end] = MARKERS.map((marker) => readme.indexOf(marker));

    expect(readme.slice((start ?? 0) + MARKERS[0].length, end).trim()).toBe(renderCoverage());
  });

  it('has a row for every kind, with an event that leads to it', () => {
    const reached = new Set(EVENT_TABLE.map(({ kind }) => kind));

    expect(TARGET_KINDS.filter((kind) => !reached.has(kind))).toEqual([]);
  });
});

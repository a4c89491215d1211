/** That every decision can be found, and can be overthrown: it has a number of its own, a date and what would change it. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textOf } from './sources.ts';

const files = readdirSync('docs/decisions').filter((name) => name !== 'README.md');
const index = textOf('docs/decisions/README.md');
const [, shaping = ''] = textOf('ARCHITECTURE.md').split('\n## Decisions\n');
const [listed = ''] = shaping.split('\n## ');

describe('decisions', () => {
  it.each(files)('%s has its number, a date, a reason and what would change it', (name) => {
    const [heading = '', date = '', ...rest] = textOf(`docs/decisions/${name}`).trim().split('\n\n');
    const [number] = name.split('-');

    expect(heading).toMatch(new RegExp(`^# ${Number(number)}\\. \\S`, 'u'));
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/u);
    expect(rest.at(-1)).toMatch(/^\*\*What would change it:\*\* \S/u);
    expect(rest.length).toBeGreaterThan(1);
    expect(index).toContain(`](${name})`);
  });

  it('that shape everything are fifteen, in the map', () => {
    expect(listed.match(/^- .*\(\d+\)$/gmu)).toHaveLength(15);
  });

  it('have each a number that is given once', () => {
    const inMap = [...listed.matchAll(/\((\d+)\)$/gmu)].map(([, number]) => Number(number));
    const inFiles = files.map((name) => Number.parseInt(name, 10));

    expect(new Set([...inMap, ...inFiles]).size).toBe(inMap.length + inFiles.length);
  });
});

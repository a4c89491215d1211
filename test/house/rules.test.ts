/** `npm run mutate -- rules` and `laws` can change what they say they change: a rule that was rewritten needs its row rewritten. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LAW_BREACHES } from '../mutation/laws.ts';
import { RULES } from '../mutation/rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('every safety rule', () => {
  it('is said in the guard exactly once, as its row has it', () => {
    const lost = RULES.filter(({ file, from }) => read(`shared/guard/${file}`).split(from).length !== 2);

    expect(lost.map(({ rule, file, from }) => `${rule}: ${file} does not hold once: ${from}`)).toEqual([]);
  });

  it('names a test that is there', () => {
    expect(RULES.filter(({ test }) => !existsSync(join(root, 'test', test)))).toEqual([]);
  });
});

describe('every change that breaks a law', () => {
  it('changes what is in the guard exactly once', () => {
    const lost = LAW_BREACHES.filter(
      ({ file, from }) => read(`shared/guard/${file}`).split(from).length !== 2,
    );

    expect(lost.map(({ change, file, from }) => `${change}: ${file} does not hold once: ${from}`)).toEqual(
      [],
    );
  });

  it('is there for each of the thirteen', () => {
    const broken = new Set(LAW_BREACHES.map(({ law }) => law));

    expect([...broken].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 13 }, (_, index) => index + 1),
    );
  });
});

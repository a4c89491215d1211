/** Every condition operator is tried in documents and in checks, in each form that it has. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../shared/policy/operators.ts';

const folders = ['language', 'checks'].map((name) => new URL(`../vectors/${name}/`, import.meta.url));
const texts = folders.map((folder) =>
  readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n'),
);
const [language = '', checks = ''] = texts;

/** True iff some vector writes the operator just so: in a row's own JSON, or in the text of a document within it. */
const isTried = (vectors: string, operator: string) =>
  vectors.includes(`"${operator}":`) || vectors.includes(`\\"${operator}\\":`);

describe.each(OPERATORS.map(({ name }) => name))('%s', (name) => {
  it('has vectors of the language', () => {
    expect(isTried(language, name)).toBe(true);
  });

  it('has vectors with each quantifier', () => {
    expect(isTried(language, `ForAllValues:${name}`)).toBe(true);
    expect(isTried(language, `ForAnyValue:${name}`)).toBe(true);
  });

  it('has vectors of the checks', () => {
    expect(isTried(checks, name)).toBe(true);
  });
});

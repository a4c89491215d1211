/** The library's reference is fresh, and the library says everything that its own signatures speak of. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readApi, renderApi } from '../../scripts/api.ts';
import * as library from '../../shared/index.ts';

const entries = readApi();

describe('the library’s reference', () => {
  it('is what `npm run generate` writes', () => {
    const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');

    expect(page).toBe(renderApi(entries));
  });

  it('has every function of the library', () => {
    const functions = entries.filter(({ kind }) => kind === 'function').map(({ name }) => name);

    expect(functions.toSorted()).toEqual(Object.keys(library).toSorted());
  });

  it('has a docstring for every export', () => {
    expect(entries.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([]);
  });

  it('has each declaration whole', () => {
    const bracketsLeft = (declaration: string) =>
      declaration.replace(/\/\*\*[\s\S]*?\*\/|=>|'[^']*'/gu, '').replace(/[^{}()<>[\]]/gu, '');
    const closed = (brackets: string): boolean => {
      const fewer = brackets.replace(/\{\}|\(\)|<>|\[\]/gu, '');
      return fewer === brackets ? brackets === '' : closed(fewer);
    };
    const broken = entries.filter(
      ({ declaration }) => !/[^=\s]\s*;$/u.test(declaration) || !closed(bracketsLeft(declaration)),
    );

    expect(broken.map(({ name }) => name)).toEqual([]);
  });

  it('knows every type that a declaration names', () => {
    const known = new Set([...entries.map(({ name }) => name), 'Promise']);
    const namedIn = (declaration: string) =>
      declaration.replace(/\/\*\*[\s\S]*?\*\/|'[^']*'/gu, '').match(/\b[A-Z]\w+/gu) ?? [];

    expect(
      entries.flatMap(({ declaration }) => namedIn(declaration)).filter((name) => !known.has(name)),
    ).toEqual([]);
  });
});

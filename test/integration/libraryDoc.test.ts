/** The page about the library: each of its programs runs as it stands there and prints what its last comments say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installedLibrary, root } from './installedLibrary.ts';

const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
const programs = page.split(/^## /mu).flatMap((section) => {
  const title = section.slice(0, section.indexOf('\n'));
  return [...section.matchAll(/^```ts\n([\s\S]*?)^```$/gmu)].map(([, text = '']) => ({ title, text }));
});

describe('docs/library.md', () => {
  const { run } = installedLibrary();

  it('has its five programs', () => {
    expect(programs.map(({ title }) => title)).toEqual([
      'One check',
      'A set of documents with a boundary',
      'Keeping an engine',
      'Evaluating a request',
      'Errors with their places',
    ]);
  });

  it.each(programs)('$title: prints what its comments say', ({ text }) => {
    const said = /(?:^\/\/ .*\n)+$/mu.exec(text)?.[0].replace(/^\/\/ /gmu, '');

    expect(run('program.ts', text)).toBe(said);
  });
});

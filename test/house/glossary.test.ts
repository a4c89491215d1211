/**
 * One word for one thing: words that were given up appear in no new file, and in the old ones no oftener than before.
 * `glossary.json` says how often each file still has one; its numbers only shrink.
 */
import { describe, expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

/** What was said, and what is said now. */
const RETIRED: readonly (readonly [was: RegExp, now: string])[] = [
  [/\b(?:things?|subjects?)\b/gi, 'target, or what it is'],
  [/\bmoments?\b/gi, 'version'],
  [/\bformer(?:ly)?\b/gi, 'accepted, or before'],
  [/\b(?:observed|offending)\b/gi, 'live, or from'],
  [/\b(?:undone|undoes|put(?:s|ting)? back|revert(?:s|ed)?)\b/gi, 'restore'],
  [/\b(?:excused|tolerated)\b/gi, 'exempt'],
  [/\bhand(?:s|ed|ing)? over\b/gi, 'publish or deliver'],
];

const left = JSON.parse(textOf('test/house/glossary.json')) as { readonly [file: string]: number };
const files = [
  ...['cli', 'functions', 'scripts', 'shared', 'test'].flatMap((room) => filesIn(room)),
  ...filesIn('docs', '.md'),
  ...filesIn('infra', '.yml'),
  ...['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'serverless.yml', 'action.yml'],
]
  // This file says the words; what is made of the definitions says theirs.
  .filter((file) => file !== 'test/house/glossary.test.ts' && !file.startsWith('infra/generated/'));

describe('words that were given up', () => {
  it.each(files)('are in %s no oftener than before', (file) => {
    const text = textOf(file);
    const found = RETIRED.flatMap(([was, now]) =>
      [...text.matchAll(was)].map(([word]) => `${word}: say ${now}`),
    );

    expect(found.length <= (left[file] ?? 0) ? [] : found).toEqual([]);
  });

  it('are looked for in files that are there', () => {
    expect(Object.keys(left).filter((file) => !files.includes(file))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { problemsOf, type Release } from '../../../scripts/release.ts';

const READY: Release = {
  tag: 'v1.2.0',
  manifest: { version: '1.2.0', repository: 'github:example/ratchet' },
  changelog: '# Changelog\n\n## 1.2.0, 2026-12-01\n',
  files: [
    'package.json',
    'LICENSE',
    'cli/ratchet.js',
    'dist/main.js',
    'dist/index.js',
    'dist/types/index.d.ts',
  ],
};

describe('a release', () => {
  it('may be published when tag, version, changelog, repository and files agree', () => {
    expect(problemsOf(READY)).toEqual([]);
  });

  it.each<[what: string, but: Partial<Release>, problem: string]>([
    ['another tag', { tag: 'v1.2.1' }, 'tag v1.2.1 is not v1.2.0, the version in package.json'],
    [
      'no repository',
      { manifest: { version: '1.2.0' } },
      'package.json names no repository, which provenance needs',
    ],
    ['no entry in the changelog', { changelog: '## Unreleased' }, 'CHANGELOG.md has no heading for 1.2.0'],
    [
      'no build',
      { files: READY.files.filter((file) => file !== 'dist/main.js') },
      'the package lacks dist/main.js',
    ],
    [
      'a file of ours',
      { files: [...READY.files, 'test/a.ts'] },
      'the package holds test/a.ts, which nobody needs',
    ],
  ])('is refused with %s', (_, but, problem) => {
    expect(problemsOf({ ...READY, ...but })).toEqual([problem]);
  });
});

import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { play, stepsOf } from '../../../scripts/walk.ts';
import { builtCommand, root } from './command.ts';

const { folder } = builtCommand();
const PAGES = ['README.md', 'docs/first-steps.md'] as const;
const pageOf = (name: string) => readFileSync(join(root, name), 'utf8');

describe('the first steps', () => {
  it.each(PAGES)('in %s say what the commands say', async (name) => {
    const page = pageOf(name);
    const path = join(folder, 'bin');
    mkdirSync(path, { recursive: true });
    const launcher = join(path, 'ratchet');
    writeFileSync(
      launcher,
      `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'cli', 'ratchet.js')}' "$@"\n`,
    );
    chmodSync(launcher, 0o755);
    cpSync(join(root, 'cli', 'sample-trail'), join(folder, 'cli', 'sample-trail'), { recursive: true });

    const played = await play(page, { folder, path });

    // To take over what the commands say now: `WALK=write npx vitest run test/integration/cli/walk.test.ts`.
    if (process.env['WALK'] === 'write') writeFileSync(join(root, name), played);
    expect(played).toBe(page);
  });

  it('show the commands that people need first', () => {
    const commands = stepsOf(pageOf('docs/first-steps.md')).map(({ command }) => command);

    for (const word of ['check-no-new-access', 'batch', 'replay', 'findings', 'history', 'report'])
      expect(commands.join('\n')).toContain(`ratchet ${word}`);
  });
});

describe('a walk', () => {
  it('is read as commands, lines that go on, and what is said', () => {
    const page = '```console\n$ cat <<EOF\n> a\n> EOF\na\n$ true\n$ echo b\nb\n```\n';

    expect(stepsOf(page)).toEqual([
      { command: 'cat <<EOF\na\nEOF', output: 'a\n' },
      { command: 'true', output: '' },
      { command: 'echo b', output: 'b\n' },
    ]);
  });

  it('is played with what is said now, and the rest left as it is', async () => {
    const page =
      'Before.\n\n```console\n$ cat <<EOF\n> a\n> EOF\nold\n$ exit 3\n```\n\n```\n$ not a walk\n```\n';

    expect(await play(page, { folder, path: folder })).toBe(
      'Before.\n\n```console\n$ cat <<EOF\n> a\n> EOF\na\n$ exit 3\n```\n\n```\n$ not a walk\n```\n',
    );
  });
});

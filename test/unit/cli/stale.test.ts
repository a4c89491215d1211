import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf, sourcesOf } from '../../../cli/sources.js';

const LATER = new Date(Date.now() + 60_000);
let root: string;

beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'ratchet-'))}/`;
  for (const folder of ['cli', 'shared', 'dist']) mkdirSync(root + folder);
  for (const file of ['ratchet.js', 'sources.js'])
    cpSync(join(import.meta.dirname, '../../../cli', file), `${root}cli/${file}`);
  writeFileSync(`${root}package.json`, '{"type":"module"}');
  writeFileSync(`${root}cli/main.ts`, 'export const a = 1;\n');
  writeFileSync(`${root}dist/main.js`, 'export const main = () => console.log("ran");\n');
  writeFileSync(`${root}dist/sources.sha256`, hashOf(root, sourcesOf(root)));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = () => spawnSync(process.execPath, [`${root}cli/ratchet.js`], { encoding: 'utf8' });

describe('the command in a checkout', () => {
  it('says nothing where its sources are older than what is built', () => {
    expect(execFileSync(process.execPath, [`${root}cli/ratchet.js`], { encoding: 'utf8' })).toBe('ran\n');
    expect(run().stderr).toBe('');
  });

  it('says nothing where a source is newer and says the same', () => {
    utimesSync(`${root}cli/main.ts`, LATER, LATER);

    expect(run().stderr).toBe('');
  });

  it('says that it is built from other sources, and runs', () => {
    writeFileSync(`${root}cli/main.ts`, 'export const a = 2;\n');
    utimesSync(`${root}cli/main.ts`, LATER, LATER);

    const { stderr, stdout } = run();

    expect(stderr).toBe('ratchet: is built from other sources than these; run `npm run build`\n');
    expect(stdout).toBe('ran\n');
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesOfFolders } from '../../../../cli/diff/states/folders.ts';

const policy = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ratchet-'));
  for (const folder of ['a', 'b', 'elsewhere']) mkdirSync(join(root, folder));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, content: string | Uint8Array) => writeFileSync(join(root, path), content);
const differing = async () =>
  (await filesOfFolders(join(root, 'a'), join(root, 'b'))).map(({ path, problem }) => [
    path.slice(root.length + 1),
    problem,
  ]);

describe('two folders', () => {
  it('are read through links to folders, which may lead back', async () => {
    put('elsewhere/p.json', policy('s3:*'));
    symlinkSync('../elsewhere', join(root, 'b/linked'));
    symlinkSync('.', join(root, 'b/loop'));

    expect(await differing()).toEqual([['b/linked/p.json', undefined]]);
  });

  it('name a file that was a text and is none', async () => {
    put('a/t.json', policy('s3:*'));
    put('b/t.json', new Uint8Array([1, 0, 0, 2, 0, 0]));

    expect(await differing()).toEqual([['b/t.json', 'one side of it is a text and the other none']]);
  });

  it('report a file that is listed and cannot be found', async () => {
    writeFileSync(
      Buffer.concat([Buffer.from(join(root, 'b/')), Buffer.from([0xff]), Buffer.from('.json')]),
      '',
    );

    expect(await differing()).toEqual([['b/\ufffd.json', expect.stringMatching(/not there/)]]);
  });

  it.each(['p.log', 'p.svg', 'yarn.lock'])('count a policy that is called %s', async (name) => {
    put(`b/${name}`, policy('s3:*'));

    expect(await differing()).toEqual([[`b/${name}`, undefined]]);
  });

  it.each(['p.log', 'p.svg', 'README.md'])('leave out what %s holds as a rule', async (name) => {
    put(`b/${name}`, 'a text that speaks of "Statement"');

    expect(await differing()).toEqual([]);
  });
});

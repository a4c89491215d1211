import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderProblem } from '../../../../cli/input/inputError.ts';
import { mergeTrail, surveyTrail } from '../../../../cli/replay/mergeTrail.ts';
import { findTrailFiles } from '../../../../cli/replay/trailFiles.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ratchet-trail-'));
});

afterEach(() => rm(folder, { recursive: true }));

function record(second: number, eventID: string) {
  return { eventTime: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(), eventID };
}

async function put(name: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
}

function log(...records: unknown[]): string {
  return JSON.stringify({ Records: records });
}

function lines(...records: unknown[]): string {
  return records.map((one) => `${JSON.stringify(one)}\n`).join('');
}

async function replayed(): Promise<{ ids: string[]; problems: string[] }> {
  const problems: string[] = [];
  const files = await findTrailFiles([folder]);
  const spans = await surveyTrail(files, {
    onProblem: (problem) => problems.push(renderProblem(problem).replace(`${folder}/`, '')),
  });
  const ids: string[] = [];
  for await (const { eventId } of mergeTrail(spans)) ids.push(eventId);
  return { ids, problems };
}

describe('mergeTrail', () => {
  it('gives the records of overlapping files in order of time', async () => {
    await put('b.json', log(record(1, 'b1'), record(4, 'b4')));
    await put('a.jsonl', lines(record(2, 'a2'), record(3, 'a3'), record(9, 'a9')));
    await put('deep/er/c.json.gz', gzipSync(log(record(0, 'c0'), record(5, 'c5'))));

    expect((await replayed()).ids).toEqual(['c0', 'b1', 'a2', 'a3', 'b4', 'c5', 'a9']);
  });

  it('sorts a file that is not in order', async () => {
    await put('a.jsonl', lines(record(3, 'x'), record(1, 'y')));
    await put('b.json', log(record(2, 'z'), record(0, 'w')));

    expect((await replayed()).ids).toEqual(['w', 'y', 'z', 'x']);
  });

  it('orders records of one time by event id', async () => {
    await put('a.json', log(record(1, 'q'), record(1, 'c')));
    await put('b.json', log(record(1, 'd')));

    expect((await replayed()).ids).toEqual(['c', 'd', 'q']);
  });

  it('reads envelopes, labelled and looked-up events, lists and single records', async () => {
    await put(
      'a.jsonl',
      lines({ detail: record(1, 'envelope') }, { source: 'x', event: record(2, 'labelled') }),
    );
    await put('b.json', JSON.stringify([record(3, 'listed')]));
    await put('c.json', JSON.stringify(record(4, 'single')));

    await put(
      'd.json',
      JSON.stringify({ Events: [{ CloudTrailEvent: JSON.stringify(record(5, 'looked up')) }] }),
    );

    expect((await replayed()).ids).toEqual(['envelope', 'labelled', 'listed', 'single', 'looked up']);
  });

  it('names what cannot be read, once, and goes on', async () => {
    await put('a.json', '{"Records": [');
    await put('b.json', log(record(1, 'b'), { eventID: 'no time' }, 'text'));
    await put('c.json.gz', 'not gzip');
    await put('d.jsonl', `${lines(record(2, 'd'))}{\n`);
    await put('e.json.gz', gzipSync(log(record(3, 'e'))).subarray(0, 30));
    await put('f.json', '');

    const { ids, problems } = await replayed();

    expect(ids).toEqual(['b', 'd']);
    expect(problems).toEqual([
      'a.json:1:14: not JSON: the text ends too early',
      'b.json: $.Records[1]: not a CloudTrail record: `eventTime` is missing or is not a time',
      'b.json: $.Records[2]: a record must be a JSON object',
      'c.json.gz: is not gzip, despite its name',
      'd.jsonl:2: not JSON: the text ends too early',
      'e.json.gz: the compressed file ends too early',
      'f.json:1:1: the document is empty; write JSON',
    ]);
  });

  it('opens a file when its first record is due, and says when it has changed by then', async () => {
    for (let index = 10; index < 40; index++) await put(`${index}.json`, log(record(index * 2, `${index}`)));
    const spans = await surveyTrail(await findTrailFiles([folder]), { onProblem: () => {} });
    const records = mergeTrail(spans);

    await records.next();
    await rm(join(folder, '39.json'));
    const rest: string[] = [];
    const reading = (async () => {
      for await (const { eventId } of records) rest.push(eventId);
    })();

    await expect(reading).rejects.toThrow('changed while it was read');
    expect(rest).toHaveLength(28);
  });
});

describe('findTrailFiles', () => {
  it('passes over a pipe in a folder, and says so', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    await put('real.json', log());
    const skipped: string[] = [];

    const files = await findTrailFiles([folder], ({ source, message }) =>
      skipped.push(`${source}: ${message}`),
    );

    expect(files.map(({ path }) => path)).toEqual([join(folder, 'real.json')]);
    expect(skipped).toEqual([`${join(folder, 'pipe.json')}: is not a regular file; skipped`]);
  });

  it('passes over other files in a folder', async () => {
    await put('README.md', '');
    await put('CloudTrail-Digest/x.json', '{}');
    await put('a.json', log(record(0, 'a')));

    expect((await findTrailFiles([folder])).map(({ path }) => path)).toEqual([join(folder, 'a.json')]);
  });

  it('takes a file once that is named twice', async () => {
    await put('a.json', log());

    expect(await findTrailFiles([folder, join(folder, 'a.json')])).toHaveLength(1);
  });

  it('refuses a folder without trail files, a missing file and one with another name, all at once', async () => {
    await put('x.txt', '');

    const search = findTrailFiles([folder, join(folder, 'none.json'), join(folder, 'x.txt')]);

    await expect(search).rejects.toMatchObject({ problems: { length: 3 } });
  });
});

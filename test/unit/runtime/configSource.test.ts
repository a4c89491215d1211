import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createConfigSource } from '../../../shared/runtime/configSource.ts';

const s3 = mockClient(S3Client);
const errors: string[] = [];
const infos: string[] = [];
let now = 0;

beforeEach(() => {
  s3.reset();
  errors.splice(0);
  infos.splice(0);
  now = Date.parse('2026-10-01T00:00:00Z');
});

const source = () =>
  createConfigSource({
    client: new S3Client({}),
    bucket: 'versions',
    key: 'config/ratchet.config.jsonc',
    clock: { now: () => new Date(now) },
    logger: {
      info: (message) => infos.push(message),
      warn: (message) => errors.push(message),
      error: (message, facts) => errors.push(`${message}: ${facts?.['error']}`),
    },
  });
const holding = (text: string, ETag: string) => ({
  ETag,
  Body: { transformToString: async () => text } as never, // Of the stream only this is used.
});
const unchanged = () => Object.assign(new Error('not modified'), { $metadata: { httpStatusCode: 304 } });
const early = '{ "digestHour": 5 }';
const inputs = () => s3.commandCalls(GetObjectCommand).map(({ args: [{ input }] }) => input);

describe('createConfigSource', () => {
  it('reads once for all who ask within a minute', async () => {
    s3.on(GetObjectCommand).resolves(holding(early, '"1"'));
    const config = source();

    const [one, other] = await Promise.all([config(), config()]);
    now += 59_999;

    expect(one.digestHour).toBe(5);
    expect(other).toBe(one);
    expect(await config()).toBe(one);
    expect(inputs()).toEqual([{ Bucket: 'versions', Key: 'config/ratchet.config.jsonc' }]);
  });

  it('takes one with a list that can never fire, and says so as an error', async () => {
    const list = { name: 'payroll', resources: ['arn:aws:s3:eu-west-1:111122223333:payroll/*'] };
    s3.on(GetObjectCommand).resolves(
      holding(JSON.stringify({ criticalAccess: [list], digestHour: 5 }), '"1"'),
    );

    const { digestHour } = await source()();

    expect(digestHour).toBe(5);
    expect(errors).toEqual([
      expect.stringMatching(
        /^the configuration has lists that can never match: .*criticalAccess\[0\]\.resources\[0\]/,
      ),
    ]);
  });

  it('asks after a minute whether there is another one, and stays when there is none', async () => {
    s3.on(GetObjectCommand).resolvesOnce(holding(early, '"1"')).rejectsOnce(unchanged());
    const config = source();
    const before = await config();

    now += 60_000;

    expect(await config()).toBe(before);
    expect(inputs()[1]).toMatchObject({ IfNoneMatch: '"1"' });
    expect(errors).toEqual([]);
  });

  it('takes another one, and says so', async () => {
    s3.on(GetObjectCommand).resolvesOnce(holding(early, '"1"')).resolves(holding('{}', '"2"'));
    const config = source();
    await config();

    now += 60_000;

    expect((await config()).digestHour).toBe(6);
    expect(infos).toEqual(['another configuration is used']);
  });

  it('keeps the last right one when the new one is wrong or cannot be read, and says so', async () => {
    s3.on(GetObjectCommand)
      .resolvesOnce(holding(early, '"1"'))
      .resolvesOnce(holding('{ "mode": 1 }', '"2"'))
      .rejectsOnce('AccessDenied')
      .resolves(holding('{}', '"3"'));
    const config = source();
    const before = await config();

    now += 60_000;
    expect(await config()).toBe(before);
    now += 60_000;
    expect(await config()).toBe(before);

    expect(errors).toEqual([
      expect.stringContaining('s3://versions/config/ratchet.config.jsonc:1:3: $.mode: '),
      expect.stringMatching(
        /^the configuration cannot be used; the previous one stays in effect: .*AccessDenied/,
      ),
    ]);
    now += 60_000;
    expect((await config()).digestHour).toBe(6);
  });

  it.each([
    ['is wrong', () => s3.on(GetObjectCommand).resolves(holding('{ "mode": 1 }', '"1"')), '$.mode'],
    ['is empty', () => s3.on(GetObjectCommand).resolves(holding('', '"1"')), 'is empty'],
    [
      'is not there',
      () => s3.on(GetObjectCommand).rejects('NoSuchKey'),
      'cannot be read; upload the configuration',
    ],
  ])('throws when the first one %s, and looks again at the next use', async (_, arrange, message) => {
    arrange();
    const config = source();

    await expect(config()).rejects.toThrow(message);
    s3.on(GetObjectCommand).resolves(holding('{}', '"2"'));

    expect((await config()).digestHour).toBe(6);
  });
});

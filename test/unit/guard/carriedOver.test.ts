/** What grants all that it did needs no question about what it granted. */
import { describe, expect, it } from 'vitest';
import { toRead } from '../../../shared/guard/contents.ts';
import { growsWithGrants, isOnlyMore } from '../../../shared/guard/judge/carriedOver.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { TargetPart } from '../../../shared/targets/target.ts';

const target = {
  kind: 'iam-principal',
  arn: 'arn:aws:iam::111122223333:role/app',
  accountId: '111122223333',
  region: 'us-east-1',
} as const;
const inline = (name: string, statement: object): TargetPart => ({
  id: `inline:${name}`,
  role: 'grant',
  document: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
});
const allow = (name: string, Action: string, more: object = {}) =>
  inline(name, { Effect: 'Allow', Action, Resource: '*', ...more });
const [own, other] = [allow('own', 's3:Get*'), allow('other', 'sqs:*')];
const deny = inline('no', { Effect: 'Deny', Action: 's3:*', Resource: '*' });
const boundary: TargetPart = { ...allow('limit', 's3:*'), id: 'boundary:x', role: 'boundary' };

describe('a content', () => {
  const isMore = async (before: readonly TargetPart[], parts: readonly TargetPart[], uniqueId = 'AROA1') => {
    const store = createInMemoryStore({ codecs: guardCodecs });
    const [was, is] = [before, parts].map((held, index) =>
      makeSnapshot({ target, exists: true, uniqueId: index === 0 ? 'AROA1' : uniqueId, parts: held }),
    );
    if (was === undefined || is === undefined) throw new Error('two were made');
    const [first, second] = [await toRead(was, 0, store), await toRead(is, 1, store)];
    return isOnlyMore(first.content, second.content, is);
  };

  it.each<[string, readonly TargetPart[], readonly TargetPart[]]>([
    ['further Allows', [own], [own, other]],
    ['nothing else', [own, deny, boundary], [own, deny, boundary]],
    [
      'further Allows beside a Deny and a boundary that stay',
      [own, deny, boundary],
      [own, deny, boundary, other],
    ],
  ])('that has %s is only more', async (_, before, parts) => {
    expect(await isMore(before, parts)).toBe(true);
  });

  it.each<[string, readonly TargetPart[], readonly TargetPart[]]>([
    ['a further Deny', [own], [own, deny]],
    ['a boundary that was not there', [own], [own, boundary]],
    ['another boundary', [own, boundary], [own, { ...boundary, document: other.document }]],
    ['no boundary any more', [own, boundary], [own]],
    ['one document less', [own, other], [own]],
    ['another text in a document', [own], [{ ...own, document: other.document }]],
    ['a document that AWS does not show', [own], [own, { ...other, document: undefined }]],
    [
      'a document that AWS did not show before',
      [{ ...own, document: undefined }, other],
      [{ ...own, document: undefined }, other],
    ],
    [
      'an Allow that is not understood',
      [own],
      [own, allow('odd', 's3:Put*', { Condition: { Odd: { a: 'b' } } })],
    ],
    ['a text that was made again', [{ ...own, uid: 'ANPA1' }], [{ ...own, uid: 'ANPA2' }]],
  ])('that has %s is not', async (_, before, parts) => {
    expect(await isMore(before, parts)).toBe(false);
  });

  it('of another role under the name is not', async () => {
    expect(await isMore([own], [own], 'AROA2')).toBe(false);
  });
});

it('more grants keep what was granted, unless a stranger is asked for', () => {
  const of = (check: Parameters<typeof growsWithGrants>[0]['check']) =>
    growsWithGrants({ check } as Parameters<typeof growsWithGrants>[0]);

  expect((['no-new-access', 'access-not-granted'] as const).map(of)).toEqual([true, true]);
  expect((['no-public-access', 'no-external-access', 'dormant-access', 'document'] as const).map(of)).toEqual(
    [false, false, false, false],
  );
});

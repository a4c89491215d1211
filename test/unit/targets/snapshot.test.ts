import { describe, expect, it } from 'vitest';
import { canonicalDocument, documentPart, makeSnapshot } from '../../../shared/targets/snapshot.ts';

const target = {
  kind: 'bucket-policy',
  arn: 'arn:aws:s3:::b',
  accountId: '111122223333',
  region: 'us-east-1',
} as const;
const hashOf = (document: string | undefined) =>
  makeSnapshot({ target, exists: true, parts: documentPart(document) }).contentHash;
const policy = (statement: unknown) => JSON.stringify({ Version: '2012-10-17', Statement: statement });

describe('one hash for all spellings of a content', () => {
  const plain = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

  it.each([
    ['white space', '{ "Version": "2012-10-17",\n "Statement": [] }', policy([])],
    [
      'the order of members',
      policy([{ Resource: '*', Action: 's3:GetObject', Effect: 'Allow' }]),
      policy([plain]),
    ],
    ['one statement, or a list of it', policy(plain), policy([plain])],
    ['one action, or a list of it', policy([{ ...plain, Action: ['s3:GetObject'] }]), policy([plain])],
    [
      'the order of actions',
      policy([{ ...plain, Action: ['a:A', 'b:B'] }]),
      policy([{ ...plain, Action: ['b:B', 'a:A'] }]),
    ],
    [
      'an account by its number, or by the ARN of its root',
      policy([{ ...plain, Principal: { AWS: ['444455556666'] } }]),
      policy([{ ...plain, Principal: { AWS: 'arn:aws:iam::444455556666:root' } }]),
    ],
    [
      'everyone by a text, or by a list of AWS principals',
      policy([{ ...plain, NotPrincipal: '*' }]),
      policy([{ ...plain, NotPrincipal: { AWS: ['*'] } }]),
    ],
  ])('%s makes no difference', (_, one, other) => {
    expect(hashOf(one)).toBe(hashOf(other));
  });

  it.each([
    ['another action', policy([{ ...plain, Action: 's3:PutObject' }])],
    ['a principal', policy([{ ...plain, Principal: { AWS: '444455556666' } }])],
    ['a statement more', policy([plain, plain])],
    ['another version', JSON.stringify({ Version: '2008-10-17', Statement: [plain] })],
    ['no policy', undefined],
  ])('%s makes one', (_, document) => {
    expect(hashOf(document)).not.toBe(hashOf(policy([plain])));
  });

  it('takes a text that is not JSON for itself', () => {
    expect(canonicalDocument('no json')).toBe('no json');
  });
});

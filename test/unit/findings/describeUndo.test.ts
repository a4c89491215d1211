import { describe, expect, it } from 'vitest';
import { describeUndo } from '../../../shared/findings/describeUndo.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind, TargetPart } from '../../../shared/targets/target.ts';

function snapshot(
  kind: TargetKind,
  arn: string,
  parts: { readonly [id: string]: string },
  revision?: string,
): Snapshot {
  const list = Object.entries(parts).map(([id, document]): TargetPart => ({ id, role: 'grant', document }));
  const target = { kind, arn, accountId: '111122223333', region: 'us-east-1' };
  return makeSnapshot({ target, exists: true, parts: list, ...(revision === undefined ? {} : { revision }) });
}

const role = (parts: { readonly [id: string]: string }) =>
  snapshot('iam-principal', 'arn:aws:iam::111122223333:role/Deploy', parts);
const user = (parts: { readonly [id: string]: string }) =>
  snapshot('iam-principal', 'arn:aws:iam::111122223333:user/ann', parts);
const policy = (document: string, revision: string) =>
  snapshot('managed-policy', 'arn:aws:iam::111122223333:policy/p', { document }, revision);
const bucket = (parts: { readonly [id: string]: string }) =>
  snapshot('bucket-policy', 'arn:aws:s3:::reports', parts);
const lambda = (...sids: readonly string[]) =>
  snapshot('lambda-function-policy', 'arn:f', {
    document: JSON.stringify({ Statement: sids.map((Sid) => ({ Sid })) }),
  });

const cases: readonly (readonly [
  name: string,
  live: Snapshot,
  accepted: Snapshot | undefined,
  expected: string,
])[] = [
  [
    'a new version of a policy',
    policy('2', 'v3'),
    policy('1', 'v2'),
    'aws iam set-default-policy-version --policy-arn arn:aws:iam::111122223333:policy/p --version-id v2',
  ],
  [
    'a bucket policy where there was none',
    bucket({ document: '1' }),
    bucket({}),
    'aws s3api delete-bucket-policy --bucket reports',
  ],
  [
    'a bucket policy that was taken away',
    bucket({}),
    bucket({ document: '1' }),
    'aws s3api put-bucket-policy --bucket reports --policy file://before.json',
  ],
  [
    'an attachment',
    role({ 'attached:arn:p': '1' }),
    role({}),
    'aws iam detach-role-policy --role-name Deploy --policy-arn arn:p',
  ],
  [
    'a changed inline policy',
    role({ 'inline:i': '2' }),
    role({ 'inline:i': '1' }),
    'aws iam put-role-policy --role-name Deploy --policy-name i --policy-document file://before.json',
  ],
  [
    'another boundary',
    role({ 'boundary:b2': '' }),
    role({ 'boundary:b1': '' }),
    'aws iam put-role-permissions-boundary --role-name Deploy --permissions-boundary b1',
  ],
  [
    'a membership',
    user({ 'group:Admins': '', 'group:Admins/inline:a': '1' }),
    user({}),
    'aws iam remove-user-from-group --user-name ann --group-name Admins',
  ],
  [
    'a permission of a function',
    lambda('a', 'test'),
    lambda('a'),
    'aws lambda remove-permission --function-name arn:f --statement-id test',
  ],
  [
    'another version of a permission of shares',
    snapshot('resource-share-permission', 'arn:p', { document: '2' }, '2'),
    snapshot('resource-share-permission', 'arn:p', { document: '1' }, '1'),
    'aws ram set-default-permission-version --permission-arn arn:p --permission-version 1',
  ],
  [
    'a trust anchor that lets others in',
    snapshot('roles-anywhere-trust-anchor', 'arn:x:trust-anchor/t', { document: '2' }),
    snapshot('roles-anywhere-trust-anchor', 'arn:x:trust-anchor/t', { document: '1' }),
    'aws rolesanywhere disable-trust-anchor --trust-anchor-id t',
  ],
  [
    'a target of which nothing is known before',
    role({}),
    undefined,
    'the version before is not known; remove what should not be granted',
  ],
];

describe('describeUndo', () => {
  for (const [name, live, accepted, expected] of cases) {
    it(`says how to undo ${name}`, () => {
      expect(describeUndo(live, accepted)).toBe(expected);
    });
  }
});

import { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { grantDocument } from '../../../../shared/services/kms/kmsGrantDocument.ts';
import { kmsKey } from '../../../../shared/services/kms/kmsKey.ts';
import { ACCOUNT, awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

type Held =
  | { readonly policy: string; readonly grants: readonly string[]; readonly manager?: string }
  | 'gone';

const ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`;
const OTHER = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/5678`;
const READER = 'arn:aws:iam::444455556666:role/reader';

const policyOf = (action: string, effect = 'Allow') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Principal: { AWS: ACCOUNT }, Action: action, Resource: '*' }],
  });
const OWN = policyOf('kms:*');

const held = (one: Held) => {
  if (one === 'gone') throw awsError('NotFoundException');
  return one;
};
const grant = (id: string) => ({ GrantId: id, GranteePrincipal: READER, Operations: ['Decrypt'] });

const key: Omit<KindCase<Held>, 'accepted' | 'from' | 'writes'> = {
  kind: 'kms-key',
  arn: ARN,
  service: 'kms',
  client: KMSClient,
  answers: {
    DescribeKey: (_: unknown, one: Held) => ({
      KeyMetadata: {
        KeyId: '1234',
        CreationDate: new Date('2026-01-01'),
        KeyManager: held(one).manager ?? 'CUSTOMER',
      },
    }),
    GetKeyPolicy: (_: unknown, one: Held) => ({ Policy: held(one).policy }),
    // A page for each grant.
    ListGrants: ({ Marker: marker = '0' }: { Marker?: string }, one: Held) => {
      const { grants } = held(one);
      const at = Number(marker);
      const more = at + 1 < grants.length;
      return {
        Grants: grants.slice(at, at + 1).map(grant),
        Truncated: more,
        NextMarker: more ? String(at + 1) : undefined,
      };
    },
    PutKeyPolicy: ({ Policy }: { Policy: string }, one: Held, hold: (next: Held) => void) => {
      hold({ ...held(one), policy: Policy });
      return {};
    },
    RevokeGrant: ({ GrantId }: { GrantId: string }, one: Held, hold: (next: Held) => void) => {
      const { grants, ...rest } = held(one);
      hold({ ...rest, grants: grants.filter((id) => id !== GrantId) });
      return {};
    },
    ListKeys: ({ Marker: marker }: { Marker?: string }) =>
      marker === undefined
        ? { Keys: [{ KeyArn: ARN }], Truncated: true, NextMarker: '2' }
        : { Keys: [{ KeyArn: OTHER }], Truncated: false },
  },
  another: { policy: policyOf('kms:Decrypt'), grants: [] },
  missing: 'gone',
  reads: [
    ['DescribeKey', { KeyId: ARN }],
    ['GetKeyPolicy', { KeyId: ARN, PolicyName: 'default' }],
    ['ListGrants', { KeyId: ARN }],
  ],
  listCalls: [
    ['ListKeys', {}],
    ['ListKeys', { Marker: '2' }],
  ],
  listed: [ARN, OTHER],
};

describeKind<Held>('a key policy', {
  ...key,
  accepted: { policy: OWN, grants: ['g1'] },
  from: { policy: policyOf('kms:Put*'), grants: ['g1'] },
  writes: [['PutKeyPolicy', { KeyId: ARN, PolicyName: 'default', Policy: OWN }]],
});

describeKind<Held>('a key with grants that were not accepted', {
  ...key,
  accepted: { policy: OWN, grants: ['g1'] },
  from: { policy: OWN, grants: ['g1', 'g2', 'g3'] },
  writes: [
    ['RevokeGrant', { KeyId: ARN, GrantId: 'g2' }],
    ['RevokeGrant', { KeyId: ARN, GrantId: 'g3' }],
  ],
  halfway: {
    held: { policy: OWN, grants: ['g1', 'g3'] },
    writes: [['RevokeGrant', { KeyId: ARN, GrantId: 'g3' }]],
  },
});

describeKind<Held>('a key that has lost a grant beside', {
  ...key,
  accepted: { policy: OWN, grants: ['g1'] },
  from: { policy: policyOf('kms:Put*'), grants: [] },
  // A grant made again would be another.
  writes: [['PutKeyPolicy', { KeyId: ARN, PolicyName: 'default', Policy: OWN }]],
});

describe('a restore of a key that cannot be', () => {
  const target = { kind: 'kms-key', arn: ARN, ...PLACE } as const;

  async function restoring(accepted: Held, refusal?: string) {
    const aws = fakeAws<Held>(key, accepted);
    const before = await kmsKey.read(target, aws.clients);
    aws.hold({ ...held(accepted), policy: policyOf('kms:Create*') });
    const after = await kmsKey.read(target, aws.clients);
    if (refusal !== undefined) aws.refuse(refusal);
    const outcome = await kmsKey.restore({ accepted: before, from: after }, aws.clients);
    return { outcome, writes: aws.writes() };
  }

  it.each([
    ['names nobody who may change it', policyOf('kms:Decrypt')],
    [
      'denies everybody to change it',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' },
          { Effect: 'Deny', Principal: '*', Action: 'kms:Put*', Resource: '*' },
        ],
      }),
    ],
  ])('is known beforehand when the accepted policy %s', async (_, policy) => {
    const { outcome, writes } = await restoring({ policy, grants: [] });

    expect(outcome.kind).toBe('cannot-undo');
    expect(writes).toEqual([]);
  });

  it('is known beforehand for a key that AWS manages', async () => {
    const { outcome, writes } = await restoring({ policy: OWN, grants: [], manager: 'AWS' });

    expect(outcome).toMatchObject({ kind: 'cannot-undo', cause: expect.stringContaining('AWS manages') });
    expect(writes).toEqual([]);
  });

  it('is said when KMS’s own check finds that the guard would lock itself out', async () => {
    const { outcome, writes } = await restoring(
      { policy: OWN, grants: [] },
      'MalformedPolicyDocumentException',
    );

    expect(outcome).toMatchObject({ kind: 'cannot-undo', cause: expect.stringContaining('rollback role') });
    expect(writes).toMatchObject([['PutKeyPolicy', { KeyId: ARN }]]);
    expect(writes[0]?.[1]).not.toHaveProperty('BypassPolicyLockoutSafetyCheck');
  });
});

describe('a key whose policy keeps the guard out', () => {
  it('is there, and nothing of it can be judged', async () => {
    const refuse = () => {
      throw awsError('AccessDeniedException', 'because no resource-based policy allows kms:DescribeKey');
    };
    const answers = { DescribeKey: refuse, GetKeyPolicy: refuse, ListGrants: refuse };
    const aws = fakeAws<Held>({ ...key, answers }, 'gone');

    const snapshot = await kmsKey.read({ kind: 'kms-key', arn: ARN, ...PLACE }, aws.clients);

    expect(snapshot).toMatchObject({ exists: true, uniqueId: '1234' });
    expect(snapshot.parts.map(({ document }) => document)).toEqual([undefined, undefined]);
  });
});

describe('a key that the guard’s role may not look at', () => {
  it('is a fault, not a finding', async () => {
    const aws = fakeAws<Held>(
      {
        ...key,
        answers: {
          DescribeKey: () => {
            throw awsError(
              'AccessDeniedException',
              'because no identity-based policy allows kms:DescribeKey',
            );
          },
        },
      },
      'gone',
    );

    const reading = kmsKey.read({ kind: 'kms-key', arn: ARN, ...PLACE }, aws.clients);

    await expect(reading).rejects.toMatchObject({ code: 'TARGET_FAULT' });
  });
});

describe('what a grant lets happen', () => {
  const statementsOf = (more: object) =>
    (
      JSON.parse(grantDocument({ ...grant('g'), Operations: ['Decrypt'], ...more }, ARN) ?? '{}') as {
        Statement: unknown;
      }
    ).Statement;

  it('is its operations, for its grantee', () => {
    expect(statementsOf({})).toEqual([
      {
        Sid: 'Operations',
        Effect: 'Allow',
        Principal: { AWS: READER },
        Action: ['kms:Decrypt'],
        Resource: ARN,
      },
    ]);
  });

  it('is a service’s where the grantee is one', () => {
    expect(statementsOf({ GranteePrincipal: 'rds.eu-west-1.amazonaws.com' })).toMatchObject([
      { Principal: { Service: 'rds.eu-west-1.amazonaws.com' } },
    ]);
  });

  it('is bound to the encryption context that a constraint names, and to no other where that must be equal', () => {
    expect(statementsOf({ Constraints: { EncryptionContextSubset: { app: 'x' } } })).toMatchObject([
      { Condition: { StringEquals: { 'kms:EncryptionContext:app': 'x' } } },
    ]);
    expect(statementsOf({ Constraints: { EncryptionContextEquals: { app: 'x' } } })).toMatchObject([
      {
        Condition: {
          StringEquals: { 'kms:EncryptionContext:app': 'x' },
          'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['app'] },
        },
      },
    ]);
  });

  it('is retiring it for whoever may', () => {
    expect(statementsOf({ RetiringPrincipal: READER })).toMatchObject([
      {},
      { Principal: { AWS: READER }, Action: 'kms:RetireGrant' },
    ]);
  });

  it('is not told of a grant to nobody, so that nothing passes', () => {
    expect(grantDocument({ GrantId: 'g', Operations: ['Decrypt'] }, ARN)).toBeUndefined();
  });
});

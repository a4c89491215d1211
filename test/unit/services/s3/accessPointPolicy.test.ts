import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../../shared/checks/index.ts';
import { accessPointPolicy } from '../../../../shared/services/s3/accessPointPolicy.ts';
import { toPolicySet } from '../../../../shared/targets/policySet.ts';
import { ACCOUNT, awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

type Held = string | 'none' | 'gone';

const documentOf = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: action, Resource: '*' }],
  });

const READ = documentOf('s3:GetObject');
const point = { AccountId: ACCOUNT, Name: 'p' };

const arnOf = (service: string, name: string) =>
  `arn:aws:${service}:eu-west-1:${ACCOUNT}:accesspoint/${name}`;

function kindCase(service: string, suffix: string): Omit<KindCase<Held>, 'accepted' | 'from' | 'writes'> {
  return {
    kind: 'access-point-policy',
    arn: arnOf(service, 'p'),
    service: 's3Control',
    client: S3ControlClient,
    answers: {
      [`GetAccessPoint${suffix}`]: (_: unknown, held: Held) => {
        if (held === 'gone') throw awsError('NoSuchAccessPoint');
        return { CreationDate: new Date('2026-01-01T00:00:00Z') };
      },
      [`GetAccessPointPolicy${suffix}`]: (_: unknown, held: Held) => {
        if (held === 'gone') throw awsError('NoSuchAccessPoint');
        if (held === 'none') throw awsError('NoSuchAccessPointPolicy');
        return { Policy: held };
      },
      [`PutAccessPointPolicy${suffix}`]: (
        { Policy }: { Policy: string },
        _: unknown,
        hold: (next: Held) => void,
      ) => {
        hold(Policy);
        return {};
      },
      [`DeleteAccessPointPolicy${suffix}`]: (_: unknown, __: unknown, hold: (next: Held) => void) => {
        hold('none');
        return {};
      },
      ListAccessPoints: ({ NextToken: token }: { NextToken?: string }) =>
        token === undefined
          ? { AccessPointList: [{ AccessPointArn: arnOf('s3', 'p') }], NextToken: '2' }
          : { AccessPointList: [{ AccessPointArn: arnOf('s3', 'q') }] },
      ListAccessPointsForObjectLambda: () => ({
        ObjectLambdaAccessPointList: [{ ObjectLambdaAccessPointArn: arnOf('s3-object-lambda', 'r') }],
      }),
    },
    another: documentOf('s3:*'),
    missing: 'gone',
    reads: [
      [`GetAccessPoint${suffix}`, point],
      [`GetAccessPointPolicy${suffix}`, point],
    ],
    listCalls: [
      ['ListAccessPoints', { AccountId: ACCOUNT }],
      ['ListAccessPoints', { AccountId: ACCOUNT, NextToken: '2' }],
      ['ListAccessPointsForObjectLambda', { AccountId: ACCOUNT }],
    ],
    listed: [arnOf('s3', 'p'), arnOf('s3', 'q'), arnOf('s3-object-lambda', 'r')],
  };
}

for (const [service, suffix] of [
  ['s3', ''],
  ['s3-object-lambda', 'ForObjectLambda'],
] as const) {
  describeKind<Held>(`a policy of an access point of ${service}`, {
    ...kindCase(service, suffix),
    accepted: READ,
    from: documentOf('s3:PutObject'),
    writes: [[`PutAccessPointPolicy${suffix}`, { ...point, Policy: READ }]],
  });

  describeKind<Held>(`an access point of ${service} that had no policy`, {
    ...kindCase(service, suffix),
    accepted: 'none',
    from: READ,
    writes: [[`DeleteAccessPointPolicy${suffix}`, point]],
  });
}

/** What the engine says of an access point that lets everybody read, and takes requests of this network alone if any. */
async function publicThrough(VpcConfiguration: object | undefined): Promise<string> {
  const given = kindCase('s3', '');
  const created = new Date('2026-01-01T00:00:00Z');
  const answers = { ...given.answers, GetAccessPoint: () => ({ CreationDate: created, VpcConfiguration }) };
  const target = { kind: 'access-point-policy', arn: given.arn, ...PLACE } as const;
  const { clients } = fakeAws({ ...given, answers }, documentOf('s3:GetObject').replace(ACCOUNT, '*'));
  const set = toPolicySet(await accessPointPolicy.read(target, clients));
  if (set.kind !== 'set') return set.kind;
  return (await createEngine().checkNoPublicAccess(set.set, 'AWS::S3::AccessPoint')).result;
}

describe('an access point whose policy names everybody', () => {
  it('is public where it takes requests from the internet', async () => {
    expect(await publicThrough(undefined)).toBe('FAIL');
  });

  it('is not where it takes those of one network alone', async () => {
    expect(await publicThrough({ VpcId: 'vpc-1a2b3c4d' })).toBe('PASS');
  });
});

import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { ACCOUNT, awsError, describeKind, type KindCase } from '../kindCase.ts';

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
    reads: [[`GetAccessPointPolicy${suffix}`, point]],
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

/** Multi-Region Access Points: one Region to ask, and a policy that is proposed before it holds. */
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import { ACCOUNT, awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

type Held = { readonly established?: string; readonly proposed?: string } | undefined;

const arn = `arn:aws:s3::${ACCOUNT}:accesspoint/everywhere`;
const target = { kind: 'multi-region-access-point-policy', arn, ...PLACE } as const;
const adapter = ADAPTERS['multi-region-access-point-policy'];
const point = { AccountId: ACCOUNT, Name: 'everywhere' };
const policyOf = (principal: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject', Resource: '*' }],
  });
const [OURS, THEIRS, OTHERS] = [policyOf(ACCOUNT), policyOf('444455556666'), policyOf('777788889999')];

const answering: Pick<KindCase<Held>, 'service' | 'client' | 'answers'> = {
  service: 's3Control',
  client: S3ControlClient,
  answers: {
    GetMultiRegionAccessPointPolicy(_, held) {
      if (held === undefined) throw awsError('NoSuchMultiRegionAccessPoint');
      const { established, proposed } = held;
      return {
        Policy: {
          ...(established === undefined ? {} : { Established: { Policy: established } }),
          ...(proposed === undefined ? {} : { Proposed: { Policy: proposed } }),
        },
      };
    },
    PutMultiRegionAccessPointPolicy(
      { Details }: { readonly Details: { readonly Policy: string } },
      held,
      hold: (next: Held) => void,
    ) {
      hold({ ...held, proposed: Details.Policy });
      return { RequestTokenARN: 'arn:token' };
    },
    ListMultiRegionAccessPoints: ({ NextToken: token }: { readonly NextToken?: string }) =>
      token === undefined
        ? { AccessPoints: [{ Name: 'everywhere' }], NextToken: 'more' }
        : { AccessPoints: [{ Name: 'elsewhere' }] },
  },
};

describeKind<Held>('a policy of a Multi-Region Access Point', {
  ...answering,
  kind: 'multi-region-access-point-policy',
  arn,
  accepted: { established: OURS, proposed: OURS },
  from: { established: OURS, proposed: THEIRS },
  another: { established: OTHERS },
  missing: undefined,
  reads: [['GetMultiRegionAccessPointPolicy', point]],
  // Told and asked for in us-west-2 alone.
  listCalls: [],
  listed: [],
  writes: [
    [
      'PutMultiRegionAccessPointPolicy',
      { AccountId: ACCOUNT, Details: { Name: 'everywhere', Policy: OURS } },
    ],
  ],
});

describe('Multi-Region Access Points', () => {
  it('are listed where S3 answers for them, page by page', async () => {
    const place = { accountId: ACCOUNT, region: 'us-west-2' };
    const { clients, calls } = fakeAws<Held>(answering, undefined);
    const listed: string[] = [];

    for await (const one of adapter.list(clients, place)) listed.push(one.arn);

    expect(listed).toEqual([arn, `arn:aws:s3::${ACCOUNT}:accesspoint/elsewhere`]);
    expect(calls.map(([, input]) => input)).toEqual([
      { AccountId: ACCOUNT },
      { AccountId: ACCOUNT, NextToken: 'more' },
    ]);
  });

  it('are judged by what is proposed, which will hold, or by what is established', async () => {
    const documentOf = async (held: Held) =>
      (await adapter.read(target, fakeAws<Held>(answering, held).clients)).parts[0]?.document;

    expect(await documentOf({ established: OURS, proposed: THEIRS })).toBe(THEIRS);
    expect(await documentOf({ established: OURS })).toBe(OURS);
    expect(await documentOf({})).toBeUndefined();
  });

  it('keep a policy where there was none: no call takes it away', async () => {
    const aws = fakeAws<Held>(answering, {});
    const accepted = await adapter.read(target, aws.clients);
    aws.hold({ proposed: THEIRS });
    const from = await adapter.read(target, aws.clients);

    const outcome = await adapter.restore({ accepted, from }, aws.clients);

    expect(outcome.kind).toBe('cannot-undo');
    expect(aws.writes()).toEqual([]);
  });
});

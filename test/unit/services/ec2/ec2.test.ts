import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { blockDocuments } from '../../../../shared/services/ec2/blockDocument.ts';
import { ec2BlockPublicAccess } from '../../../../shared/services/ec2/ec2BlockPublicAccess.ts';
import { vpcEndpointPolicy } from '../../../../shared/services/ec2/vpcEndpointPolicy.ts';
import type { TargetRef } from '../../../../shared/targets/target.ts';
import { ACCOUNT, awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

const policyOf = (action: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }] });
const ENDPOINT = `arn:aws:ec2:eu-west-1:${ACCOUNT}:vpc-endpoint/vpce-`;
const READ = policyOf('s3:GetObject');

describeKind<string>('an endpoint policy', {
  kind: 'vpc-endpoint-policy',
  arn: `${ENDPOINT}1`,
  service: 'ec2',
  client: EC2Client,
  answers: {
    DescribeVpcEndpoints: (
      { VpcEndpointIds: ids, NextToken: token }: { VpcEndpointIds?: string[]; NextToken?: string },
      held: string,
    ) => {
      if (held === 'gone') throw awsError('InvalidVpcEndpointId.NotFound');
      if (ids !== undefined) return { VpcEndpoints: [{ VpcEndpointId: 'vpce-1', PolicyDocument: held }] };
      return token === undefined
        ? { VpcEndpoints: [{ VpcEndpointId: 'vpce-1' }], NextToken: '2' }
        : { VpcEndpoints: [{ VpcEndpointId: 'vpce-2' }] };
    },
    ModifyVpcEndpoint: (
      { PolicyDocument }: { PolicyDocument: string },
      _: string,
      hold: (next: string) => void,
    ) => {
      hold(PolicyDocument);
      return {};
    },
  },
  accepted: READ,
  from: policyOf('*'),
  another: policyOf('s3:*'),
  missing: 'gone',
  reads: [['DescribeVpcEndpoints', { VpcEndpointIds: ['vpce-1'] }]],
  listCalls: [
    ['DescribeVpcEndpoints', { MaxResults: 1_000 }],
    ['DescribeVpcEndpoints', { MaxResults: 1_000, NextToken: '2' }],
  ],
  listed: [`${ENDPOINT}1`, `${ENDPOINT}2`],
  writes: [['ModifyVpcEndpoint', { VpcEndpointId: 'vpce-1', PolicyDocument: READ }]],
});

describe('the type of an endpoint', () => {
  it.each([
    ['Gateway', 'gateway-limit'],
    ['Interface', 'interface-limit'],
    [undefined, 'limit'],
  ] as const)('%s makes its policy a %s', async (VpcEndpointType, role) => {
    const { clients } = fakeAws(
      {
        service: 'ec2',
        client: EC2Client,
        answers: {
          DescribeVpcEndpoints: () => ({
            VpcEndpoints: [{ VpcEndpointId: 'vpce-1', PolicyDocument: READ, VpcEndpointType }],
          }),
        },
      },
      undefined,
    );
    const target = {
      kind: 'vpc-endpoint-policy',
      arn: `${ENDPOINT}1`,
      accountId: ACCOUNT,
      region: 'eu-west-1',
    };

    const { parts } = await vpcEndpointPolicy.read(target as TargetRef, clients);

    expect(parts).toMatchObject([{ id: 'document', role }]);
  });
});

type States = { readonly snapshots: string; readonly images: string; readonly by?: string };

const blocks: Omit<KindCase<States>, 'accepted' | 'from' | 'writes'> = {
  kind: 'ec2-block-public-access',
  arn: `arn:aws:ec2:eu-west-1:${ACCOUNT}:block-public-access`,
  service: 'ec2',
  client: EC2Client,
  answers: {
    GetSnapshotBlockPublicAccessState: (_: unknown, { snapshots, by = 'account' }: States) => ({
      State: snapshots,
      ManagedBy: by,
    }),
    GetImageBlockPublicAccessState: (_: unknown, { images, by = 'account' }: States) => ({
      ImageBlockPublicAccessState: images,
      ManagedBy: by,
    }),
    EnableSnapshotBlockPublicAccess: (
      { State }: { State: string },
      held: States,
      hold: (next: States) => void,
    ) => hold({ ...held, snapshots: State }),
    DisableSnapshotBlockPublicAccess: (_: unknown, held: States, hold: (next: States) => void) =>
      hold({ ...held, snapshots: 'unblocked' }),
    EnableImageBlockPublicAccess: (
      { ImageBlockPublicAccessState }: { ImageBlockPublicAccessState: string },
      held: States,
      hold: (next: States) => void,
    ) => hold({ ...held, images: ImageBlockPublicAccessState }),
    DisableImageBlockPublicAccess: (_: unknown, held: States, hold: (next: States) => void) =>
      hold({ ...held, images: 'unblocked' }),
  },
  another: { snapshots: 'block-new-sharing', images: 'unblocked' },
  missing: undefined,
  reads: [
    ['GetSnapshotBlockPublicAccessState', {}],
    ['GetImageBlockPublicAccessState', {}],
  ],
  listCalls: [],
  listed: [`arn:aws:ec2:eu-west-1:${ACCOUNT}:block-public-access`],
};

const ON = { snapshots: 'block-all-sharing', images: 'block-new-sharing' };
const OFF = { snapshots: 'unblocked', images: 'unblocked' };

describeKind<States>('blocks of public snapshots and images that are switched off', {
  ...blocks,
  accepted: ON,
  from: OFF,
  writes: [
    ['EnableSnapshotBlockPublicAccess', { State: 'block-all-sharing' }],
    ['EnableImageBlockPublicAccess', { ImageBlockPublicAccessState: 'block-new-sharing' }],
  ],
  halfway: {
    held: { ...OFF, snapshots: 'block-all-sharing' },
    writes: [['EnableImageBlockPublicAccess', { ImageBlockPublicAccessState: 'block-new-sharing' }]],
  },
});

describeKind<States>('a block of public snapshots alone', {
  ...blocks,
  accepted: ON,
  from: { ...ON, snapshots: 'unblocked' },
  writes: [['EnableSnapshotBlockPublicAccess', { State: 'block-all-sharing' }]],
});

describeKind<States>('blocks that were off', {
  ...blocks,
  accepted: OFF,
  from: ON,
  writes: [
    ['DisableSnapshotBlockPublicAccess', {}],
    ['DisableImageBlockPublicAccess', {}],
  ],
});

describe('blocks of public snapshots and images', () => {
  it('are left alone where the organization sets them', async () => {
    const target = { kind: blocks.kind, arn: blocks.arn, ...PLACE };
    const aws = fakeAws<States>(blocks, ON);
    const accepted = await ec2BlockPublicAccess.read(target, aws.clients);
    aws.hold({ ...OFF, by: 'declarative-policy' });
    const from = await ec2BlockPublicAccess.read(target, aws.clients);

    const outcome = await ec2BlockPublicAccess.restore({ accepted, from }, aws.clients);

    expect(outcome.kind).toBe('cannot-undo');
    expect(aws.writes()).toEqual([]);
  });

  it('keep out what is shared from now on, or all that is shared', () => {
    const sids = (states: States) =>
      Object.entries(blockDocuments(states, PLACE)).map(([id, document]) => [
        id,
        (JSON.parse(document) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid),
      ]);

    expect(sids(ON)).toEqual([
      ['snapshots', ['BlockNewSharing', 'BlockAllSharing']],
      ['images', ['BlockNewSharing']],
    ]);
    expect(sids({ snapshots: 'block-new-sharing', images: 'unblocked' })).toEqual([
      ['snapshots', ['BlockNewSharing']],
    ]);
    expect(sids(OFF)).toEqual([]);
  });
});

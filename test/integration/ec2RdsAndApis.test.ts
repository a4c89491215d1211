/** Rounds of the kinds of EC2, RDS and API Gateway: done, found, restored, heard of without a word. */
import { CreateRestApiCommand, GetRestApisCommand, UpdateRestApiCommand } from '@aws-sdk/client-api-gateway';
import {
  CopyImageCommand,
  CreateSnapshotCommand,
  CreateVpcEndpointCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DescribeVpcEndpointsCommand,
  DisableImageBlockPublicAccessCommand,
  DisableSnapshotBlockPublicAccessCommand,
  EnableImageBlockPublicAccessCommand,
  EnableSnapshotBlockPublicAccessCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  ModifyVpcEndpointCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBSnapshotAttributeCommand,
} from '@aws-sdk/client-rds';
import { describe, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, expectRestored, type Round, text } from './setting.ts';

type Ec2 = AwsClients['ec2'];

const endpointOf = async (ec2: Ec2) =>
  (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints?.[0]?.VpcEndpointId;
const snapshotOf = async (ec2: Ec2) =>
  (await ec2.send(new DescribeSnapshotsCommand({}))).Snapshots?.[0]?.SnapshotId;
const imageOf = async (ec2: Ec2) => (await ec2.send(new DescribeImagesCommand({}))).Images?.[0]?.ImageId;

const own = { Principal: { AWS: ACCOUNT }, Effect: 'Allow', Action: 's3:*', Resource: '*' };
const within = (range: string) =>
  text({
    Effect: 'Allow',
    Principal: '*',
    Action: 'execute-api:Invoke',
    Resource: '*',
    Condition: { IpAddress: { 'aws:SourceIp': range } },
  });

const rounds: readonly Round[] = [
  {
    name: 'an endpoint that lets everything pass',
    before: ({ ec2 }) =>
      ec2.send(new CreateVpcEndpointCommand({ VpcId: 'vpc-1', PolicyDocument: text(own) })),
    change: async ({ ec2 }) =>
      ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: await endpointOf(ec2), ResetPolicy: true })),
    check: 'no-new-access',
  },
  {
    // A gateway, unless another type is given: the account was its root user alone.
    name: 'a gateway endpoint that lets everybody of an account pass in the place of its root user',
    before: ({ ec2 }) =>
      ec2.send(new CreateVpcEndpointCommand({ VpcId: 'vpc-1', PolicyDocument: text(own) })),
    change: async ({ ec2 }) =>
      ec2.send(
        new ModifyVpcEndpointCommand({
          VpcEndpointId: await endpointOf(ec2),
          PolicyDocument: text({
            ...own,
            Principal: '*',
            Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
          }),
        }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'a snapshot that is shared with everybody',
    before: ({ ec2 }) => ec2.send(new CreateSnapshotCommand({ VolumeId: 'vol-1' })),
    change: async ({ ec2 }) =>
      ec2.send(
        new ModifySnapshotAttributeCommand({
          SnapshotId: await snapshotOf(ec2),
          Attribute: 'createVolumePermission',
          CreateVolumePermission: { Add: [{ Group: 'all' }] },
        }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'an image that is shared with another account',
    before: ({ ec2 }) =>
      ec2.send(new CopyImageCommand({ Name: 'i', SourceImageId: 'ami-1', SourceRegion: 'us-east-1' })),
    change: async ({ ec2 }) =>
      ec2.send(
        new ModifyImageAttributeCommand({
          ImageId: await imageOf(ec2),
          LaunchPermission: { Add: [{ UserId: '444455556666' }] },
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'public snapshots that are blocked no more',
    before: ({ ec2 }) => ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' })),
    change: ({ ec2 }) => ec2.send(new DisableSnapshotBlockPublicAccessCommand({})),
    check: 'no-new-access',
  },
  {
    name: 'a block of all public snapshots that is weakened to new ones',
    before: ({ ec2 }) => ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' })),
    change: ({ ec2 }) => ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: 'block-new-sharing' })),
    check: 'no-new-access',
  },
  {
    name: 'public images that are blocked no more',
    before: ({ ec2 }) =>
      ec2.send(new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: 'block-new-sharing' })),
    change: ({ ec2 }) => ec2.send(new DisableImageBlockPublicAccessCommand({})),
    check: 'no-new-access',
  },
  {
    name: 'a database snapshot that is shared with everybody',
    before: ({ rds }) =>
      rds.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier: 's', DBInstanceIdentifier: 'd' })),
    change: ({ rds }) =>
      rds.send(
        new ModifyDBSnapshotAttributeCommand({
          DBSnapshotIdentifier: 's',
          AttributeName: 'restore',
          ValuesToAdd: ['all'],
        }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'a cluster snapshot that is shared with another account',
    before: ({ rds }) =>
      rds.send(
        new CreateDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: 's', DBClusterIdentifier: 'c' }),
      ),
    change: ({ rds }) =>
      rds.send(
        new ModifyDBClusterSnapshotAttributeCommand({
          DBClusterSnapshotIdentifier: 's',
          AttributeName: 'restore',
          ValuesToAdd: ['444455556666'],
        }),
      ),
    check: 'no-external-access',
  },
  ...[within('0.0.0.0/0'), ''].map(
    (value): Round => ({
      name: `a REST API whose policy ${value === '' ? 'is taken away' : 'lets in every address'}`,
      before: ({ apiGateway }) =>
        apiGateway.send(new CreateRestApiCommand({ name: 'a', policy: within('203.0.113.0/24') })),
      change: async ({ apiGateway }) => {
        const { items = [] } = await apiGateway.send(new GetRestApisCommand({}));
        await apiGateway.send(
          new UpdateRestApiCommand({
            restApiId: items[0]?.id,
            patchOperations: [{ op: 'replace', path: '/policy', value }],
          }),
        );
      },
      check: 'no-new-access',
    }),
  ),
];

describe('the guard of endpoints, snapshots, images and APIs', () => {
  it.each(rounds)('finds $name, and restores what was there', (round) => expectRestored(round));
});

/** Rounds of clusters, resource shares and their permissions: done, found, restored, heard of without a word. */
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  CreateClusterCommand,
} from '@aws-sdk/client-eks';
import {
  AssociateResourceShareCommand,
  AssociateResourceSharePermissionCommand,
  CreatePermissionCommand,
  CreatePermissionVersionCommand,
  CreateResourceShareCommand,
  GetResourceSharesCommand,
  UpdateResourceShareCommand,
} from '@aws-sdk/client-ram';
import { describe, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, expectRestored, PLACE, type Round } from './setting.ts';

const clusterName = 'web';
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const policyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
const subnet = `arn:aws:ec2:${PLACE.region}:${ACCOUNT}:subnet/a`;

const makeCluster = ({ eks }: AwsClients) =>
  eks.send(new CreateClusterCommand({ name: clusterName, roleArn: role('eks'), resourcesVpcConfig: {} }));
const makeShare = ({ ram }: AwsClients) =>
  ram.send(
    new CreateResourceShareCommand({
      name: 'subnets',
      resourceArns: [subnet],
      principals: [ACCOUNT],
      allowExternalPrincipals: false,
    }),
  );
const permissionArn = `arn:aws:ram:${PLACE.region}:${ACCOUNT}:permission/subnets`;
const template = (...Action: string[]) => JSON.stringify({ Effect: 'Allow', Action });
const makePermission = ({ ram }: AwsClients) =>
  ram.send(
    new CreatePermissionCommand({
      name: 'subnets',
      resourceType: 'ec2:Subnet',
      policyTemplate: template('ec2:DescribeSubnets'),
    }),
  );
const makeVersion = ({ ram }: AwsClients) =>
  ram.send(
    new CreatePermissionVersionCommand({
      permissionArn,
      policyTemplate: template('ec2:DescribeSubnets', 'ec2:RunInstances'),
    }),
  );
const onlyShare = async ({ ram }: AwsClients) => {
  const { resourceShares: [share] = [] } = await ram.send(
    new GetResourceSharesCommand({ resourceOwner: 'SELF' }),
  );
  return { resourceShareArn: share?.resourceShareArn };
};

const rounds: readonly Round[] = [
  {
    name: 'a new access entry',
    before: makeCluster,
    change: ({ eks }) =>
      eks.send(
        new CreateAccessEntryCommand({
          clusterName,
          principalArn: role('Other'),
          kubernetesGroups: ['system:masters'],
        }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'an access policy for the whole cluster',
    before: async (clients) => {
      await makeCluster(clients);
      await clients.eks.send(new CreateAccessEntryCommand({ clusterName, principalArn: role('Dev') }));
    },
    change: ({ eks }) =>
      eks.send(
        new AssociateAccessPolicyCommand({
          clusterName,
          principalArn: role('Dev'),
          policyArn,
          accessScope: { type: 'cluster' },
        }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'a share with another account',
    before: makeShare,
    change: async (clients) =>
      clients.ram.send(
        new AssociateResourceShareCommand({ ...(await onlyShare(clients)), principals: ['444455556666'] }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a share that may leave the organization',
    before: makeShare,
    change: async (clients) =>
      clients.ram.send(
        new UpdateResourceShareCommand({ ...(await onlyShare(clients)), allowExternalPrincipals: true }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'a share for more than before',
    before: makeShare,
    change: async (clients) =>
      clients.ram.send(
        new AssociateResourceSharePermissionCommand({
          ...(await onlyShare(clients)),
          permissionArn: `arn:aws:ram:${PLACE.region}:${ACCOUNT}:permission/everything`,
          replace: true,
        }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'a permission of shares that grants more',
    before: makePermission,
    change: makeVersion,
    check: 'no-new-access',
  },
];

describe('the guard of clusters, resource shares and their permissions', () => {
  it.each(rounds)('finds $name, and restores what was there', (round) => expectRestored(round));
});

/** Whom EBS snapshots and machine images are shared with. */
import {
  type CreateVolumePermission,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  type LaunchPermission,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { partitionOf } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { sharingTarget } from '../../targets/sharingTarget.ts';
import { IMAGE_ACTIONS, SNAPSHOT_ACTIONS } from './sharedActions.ts';

/** EC2 pages its listings only when asked to. */
const PAGE = 1_000;

export const ec2SnapshotSharing = sharingTarget({
  actions: SNAPSHOT_ACTIONS,
  async read(target, { ec2 }) {
    const found = await unless(
      ['InvalidSnapshot.NotFound'],
      ec2.send(
        new DescribeSnapshotAttributeCommand({
          SnapshotId: idOf(target),
          Attribute: 'createVolumePermission',
        }),
      ),
    );
    if (found === undefined) return undefined;
    return (found.CreateVolumePermissions ?? []).map(({ Group, UserId }) => Group ?? UserId ?? '');
  },
  async *list({ ec2 }, place) {
    const snapshots = allPages(async (NextToken) => {
      const page = await orFault(
        ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: PAGE, NextToken })),
      );
      return { items: page.Snapshots ?? [], next: page.NextToken };
    });
    const { region } = place;
    for await (const { SnapshotId: id } of snapshots)
      if (id !== undefined)
        yield {
          kind: 'ec2-snapshot-sharing',
          arn: `arn:${partitionOf(region)}:ec2:${region}::snapshot/${id}`,
          ...place,
        };
  },
  operation: 'ModifySnapshotAttribute',
  change: (change, target, { ec2 }) =>
    ec2.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId: idOf(target),
        Attribute: 'createVolumePermission',
        CreateVolumePermission:
          'add' in change
            ? { Add: change.add.map(volumePermission) }
            : { Remove: change.remove.map(volumePermission) },
      }),
    ),
});

export const ec2ImageSharing = sharingTarget({
  actions: IMAGE_ACTIONS,
  async read(target, { ec2 }) {
    const found = await unless(
      ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'],
      ec2.send(new DescribeImageAttributeCommand({ ImageId: idOf(target), Attribute: 'launchPermission' })),
    );
    if (found === undefined) return undefined;
    return (found.LaunchPermissions ?? []).map(
      ({ Group, UserId, OrganizationArn, OrganizationalUnitArn }) =>
        Group ?? UserId ?? OrganizationArn ?? OrganizationalUnitArn ?? '',
    );
  },
  async *list({ ec2 }, place) {
    const images = allPages(async (NextToken) => {
      const page = await orFault(
        ec2.send(new DescribeImagesCommand({ Owners: ['self'], MaxResults: PAGE, NextToken })),
      );
      return { items: page.Images ?? [], next: page.NextToken };
    });
    const { region } = place;
    for await (const { ImageId: id } of images)
      if (id !== undefined)
        yield {
          kind: 'ec2-image-sharing',
          arn: `arn:${partitionOf(region)}:ec2:${region}::image/${id}`,
          ...place,
        };
  },
  operation: 'ModifyImageAttribute',
  change: (change, target, { ec2 }) =>
    ec2.send(
      new ModifyImageAttributeCommand({
        ImageId: idOf(target),
        Attribute: 'launchPermission',
        LaunchPermission:
          'add' in change
            ? { Add: change.add.map(launchPermission) }
            : { Remove: change.remove.map(launchPermission) },
      }),
    ),
});

function idOf({ arn }: { readonly arn: string }): string {
  return arn.slice(arn.indexOf('/') + 1);
}

function volumePermission(sharee: string): CreateVolumePermission {
  return sharee === 'all' ? { Group: 'all' } : { UserId: sharee };
}

function launchPermission(sharee: string): LaunchPermission {
  if (sharee.includes(':organization/')) return { OrganizationArn: sharee };
  if (sharee.includes(':ou/')) return { OrganizationalUnitArn: sharee };
  return volumePermission(sharee);
}

/** Whom snapshots of databases and of database clusters are shared with. */

import {
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBSnapshotAttributeCommand,
} from '@aws-sdk/client-rds';
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { sharingTarget } from '../../targets/sharingTarget.ts';
import { SHARED_ACTIONS } from './sharedActions.ts';

/** The one attribute that is a list of accounts. */
const AttributeName = 'restore';

export const rdsSnapshotSharing = sharingTarget({
  actions: SHARED_ACTIONS.DBSnapshot,
  async read(target, { rds }) {
    const found = await unless(
      ['DBSnapshotNotFoundFault', 'DBSnapshotNotFound'],
      rds.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: nameOf(target) })),
    );
    return found === undefined ? undefined : valuesOf(found.DBSnapshotAttributesResult?.DBSnapshotAttributes);
  },
  async *list({ rds }, place) {
    // Only those that somebody made can be shared.
    const snapshots = allPages(async (Marker) => {
      const page = await orFault(
        rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual', Marker })),
      );
      return { items: page.DBSnapshots ?? [], next: page.Marker };
    });
    for await (const { DBSnapshotArn: arn } of snapshots)
      if (arn !== undefined) yield { kind: 'rds-snapshot-sharing', arn, ...place };
  },
  operation: 'ModifyDBSnapshotAttribute',
  change: (change, target, { rds }) =>
    rds.send(
      new ModifyDBSnapshotAttributeCommand({
        DBSnapshotIdentifier: nameOf(target),
        AttributeName,
        ...('add' in change ? { ValuesToAdd: [...change.add] } : { ValuesToRemove: [...change.remove] }),
      }),
    ),
});

export const rdsClusterSnapshotSharing = sharingTarget({
  actions: SHARED_ACTIONS.DBClusterSnapshot,
  async read(target, { rds }) {
    const found = await unless(
      ['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshotNotFound'],
      rds.send(
        new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: nameOf(target) }),
      ),
    );
    return found === undefined
      ? undefined
      : valuesOf(found.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes);
  },
  async *list({ rds }, place) {
    const snapshots = allPages(async (Marker) => {
      const page = await orFault(
        rds.send(new DescribeDBClusterSnapshotsCommand({ SnapshotType: 'manual', Marker })),
      );
      return { items: page.DBClusterSnapshots ?? [], next: page.Marker };
    });
    for await (const { DBClusterSnapshotArn: arn } of snapshots)
      if (arn !== undefined) yield { kind: 'rds-cluster-snapshot-sharing', arn, ...place };
  },
  operation: 'ModifyDBClusterSnapshotAttribute',
  change: (change, target, { rds }) =>
    rds.send(
      new ModifyDBClusterSnapshotAttributeCommand({
        DBClusterSnapshotIdentifier: nameOf(target),
        AttributeName,
        ...('add' in change ? { ValuesToAdd: [...change.add] } : { ValuesToRemove: [...change.remove] }),
      }),
    ),
});

type Attribute = {
  readonly AttributeName?: string | undefined;
  readonly AttributeValues?: readonly string[] | undefined;
};

function valuesOf(attributes: readonly Attribute[] | undefined): readonly string[] {
  return attributes?.find((one) => one.AttributeName === AttributeName)?.AttributeValues ?? [];
}

/** `arn:aws:rds:REGION:ACCOUNT:snapshot:NAME`; a name may hold a colon (`rds:…`). */
function nameOf({ arn }: { readonly arn: string }): string {
  return parseArn(arn).resource.split(':').slice(1).join(':');
}

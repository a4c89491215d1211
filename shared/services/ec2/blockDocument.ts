/** The switches against sharing with everybody, as policy documents. */
import { partitionOf } from '../../policy/arn.ts';
import type { TargetRef } from '../../targets/target.ts';

const SHARES_WITH_ALL = { Bool: { 'ratchet:SharesWithEverybody': 'true' } };

/** Returns what each switch that is on keeps out, by the part's id, as JSON text. */
export function blockDocuments(
  { snapshots = 'unblocked', images = 'unblocked' }: { readonly [part: string]: string },
  { region }: Pick<TargetRef, 'region'>,
): { readonly [part: string]: string } {
  const arn = (type: string) => `arn:${partitionOf(region)}:ec2:${region}::${type}/*`;
  const newSnapshots = {
    Sid: 'BlockNewSharing',
    Action: 'ec2:ModifySnapshotAttribute',
    Resource: arn('snapshot'),
    Condition: SHARES_WITH_ALL,
  };
  const sharedSnapshots = {
    Sid: 'BlockAllSharing',
    Action: ['ec2:CreateVolume', 'ec2:CopySnapshot', 'ec2:DescribeSnapshots'],
    Resource: arn('snapshot'),
    Condition: { StringEquals: { 'ratchet:GrantedBy': 'sharing with everybody' } },
  };
  const newImages = {
    Sid: 'BlockNewSharing',
    Action: 'ec2:ModifyImageAttribute',
    Resource: arn('image'),
    Condition: SHARES_WITH_ALL,
  };
  const statements: { readonly [part: string]: readonly object[] } = {
    snapshots:
      snapshots === 'block-all-sharing'
        ? [newSnapshots, sharedSnapshots]
        : snapshots === 'block-new-sharing'
          ? [newSnapshots]
          : [],
    images: images === 'block-new-sharing' ? [newImages] : [],
  };
  return Object.fromEntries(
    Object.entries(statements)
      .filter(([, denied]) => denied.length > 0)
      .map(([id, denied]) => [
        id,
        JSON.stringify({
          Version: '2012-10-17',
          Statement: denied.map((statement) => ({ Effect: 'Deny', Principal: '*', ...statement })),
        }),
      ]),
  );
}

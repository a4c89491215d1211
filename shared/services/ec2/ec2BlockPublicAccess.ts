/**
 * What keeps the snapshots and images of an account and Region from being shared with everybody. Like S3's public
 * access blocks these switches grant nothing: each is a Deny of what sharing lists may otherwise let in, and one that is
 * switched off is a Deny that goes away. What no request shows stands under keys of our own, `ratchet:…`.
 * Source: EC2 User Guide, "Block public access for AMIs"; EBS User Guide, "Block public access for snapshots".
 */
import {
  DisableImageBlockPublicAccessCommand,
  DisableSnapshotBlockPublicAccessCommand,
  EnableImageBlockPublicAccessCommand,
  EnableSnapshotBlockPublicAccessCommand,
  GetImageBlockPublicAccessStateCommand,
  GetSnapshotBlockPublicAccessStateCommand,
} from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { partitionOf } from '../../policy/arn.ts';
import { orFault, restoreByWrites, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import { blockDocuments } from './blockDocument.ts';

type Client = AwsClients['ec2'];

const statesSchema = v.object({
  snapshots: v.picklist(['block-all-sharing', 'block-new-sharing', 'unblocked']),
  images: v.picklist(['block-new-sharing', 'unblocked']),
});

/** As EC2 names them. */
type BlockStates = v.InferOutput<typeof statesSchema>;

export const ec2BlockPublicAccess: TargetOperations = {
  read: (target, { ec2 }) => read(target, ec2),
  async *list(_, place) {
    const { region, accountId } = place;
    yield {
      kind: 'ec2-block-public-access',
      arn: blockArn(partitionOf(region), region, accountId),
      ...place,
    };
  },
  async restore({ accepted, from }, { ec2 }) {
    const wanted = v.safeParse(statesSchema, accepted.restoreHints);
    if (!wanted.success)
      return { kind: 'cannot-undo', cause: 'the accepted state is one this version does not know' };
    if (from.restoreHints?.['managedBy'] === 'declarative-policy')
      return {
        kind: 'cannot-undo',
        cause: 'a declarative policy of the organization sets it; change it there',
      };
    return restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, ec2),
      plan: ({ restoreHints }) => plan(wanted.output, restoreHints, ec2),
    });
  },
};

/** The name by which the switches of an account and Region are known here: AWS has no ARN for them. */
function blockArn(partition: string, region: string, accountId: string): string {
  return `arn:${partition}:ec2:${region}:${accountId}:block-public-access`;
}

async function read(target: TargetRef, ec2: Client): Promise<Snapshot> {
  const snapshots = await orFault(ec2.send(new GetSnapshotBlockPublicAccessStateCommand({})));
  const images = await orFault(ec2.send(new GetImageBlockPublicAccessStateCommand({})));
  const managed = [snapshots, images].some(({ ManagedBy: by }) => by === 'declarative-policy');
  const states = {
    snapshots: snapshots.State ?? 'unblocked',
    images: images.ImageBlockPublicAccessState ?? 'unblocked',
  };
  return makeSnapshot({
    target,
    exists: true,
    parts: Object.entries(blockDocuments(states, target)).map(([id, document]) => ({
      id,
      role: 'resource',
      document,
    })),
    restoreHints: { ...states, managedBy: managed ? 'declarative-policy' : 'account' },
  });
}

function plan(wanted: BlockStates, live: Snapshot['restoreHints'], ec2: Client): Write[] {
  const writes: Write[] = [];
  const { snapshots, images } = wanted;
  if (snapshots !== live?.['snapshots'])
    writes.push(
      snapshots === 'unblocked'
        ? {
            operation: 'DisableSnapshotBlockPublicAccess',
            summary: 'let snapshots be shared with everybody again',
            send: () => ec2.send(new DisableSnapshotBlockPublicAccessCommand({})),
          }
        : {
            operation: 'EnableSnapshotBlockPublicAccess',
            summary: `set the block of public snapshots to ${snapshots} again`,
            send: () => ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: snapshots })),
          },
    );
  if (images !== live?.['images'])
    writes.push(
      images === 'unblocked'
        ? {
            operation: 'DisableImageBlockPublicAccess',
            summary: 'let images be shared with everybody again',
            send: () => ec2.send(new DisableImageBlockPublicAccessCommand({})),
          }
        : {
            operation: 'EnableImageBlockPublicAccess',
            summary: `set the block of public images to ${images} again`,
            send: () =>
              ec2.send(new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: images })),
          },
    );
  return writes;
}

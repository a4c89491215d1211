/**
 * Public access blocks, of a bucket and of a whole account: four flags, judged as what they keep out. The account's
 * stands for every bucket beside the bucket's own; each is judged by itself, so a bucket's block that goes away is told
 * also where the account's still covers it.
 */
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import {
  DeletePublicAccessBlockCommand as DeleteAccountBlockCommand,
  GetPublicAccessBlockCommand as GetAccountBlockCommand,
  PutPublicAccessBlockCommand as PutAccountBlockCommand,
} from '@aws-sdk/client-s3-control';
import { parseArn, partitionOf } from '../../policy/arn.ts';
import { restoreByWrites, TargetFault, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, documentPart, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import { bucketName, listBuckets } from './buckets.ts';
import { BLOCK_FLAGS, type PublicAccessBlock, publicAccessDocument } from './publicAccessDocument.ts';

export const bucketPublicAccessBlock: TargetOperations = {
  read: (target, { s3 }) => readBucket(target, s3),
  list: ({ s3 }, place) => listBuckets('bucket-public-access-block', s3, place),
  restore: ({ accepted, from }, { s3 }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => readBucket(accepted.target, s3),
      plan: () => {
        const Bucket = bucketName(accepted.target);
        return planBlock(accepted, `bucket ${Bucket}`, {
          put: (block) =>
            s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block })),
          remove: () => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
        });
      },
    }),
};

export const accountPublicAccessBlock: TargetOperations = {
  read: (target, { s3Control }) => readAccount(target, s3Control),
  async *list(_, { accountId, region }) {
    yield {
      kind: 'account-public-access-block',
      arn: accountBlockArn(partitionOf(region), accountId),
      accountId,
      region,
    };
  },
  restore: ({ accepted, from }, { s3Control }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => readAccount(accepted.target, s3Control),
      plan: () => {
        const AccountId = accepted.target.accountId;
        return planBlock(accepted, `account ${AccountId}`, {
          put: (block) =>
            s3Control.send(new PutAccountBlockCommand({ AccountId, PublicAccessBlockConfiguration: block })),
          remove: () => s3Control.send(new DeleteAccountBlockCommand({ AccountId })),
        });
      },
    }),
};

/** The name by which the block of an account is known here: AWS has no ARN for it. */
function accountBlockArn(partition: string, accountId: string): string {
  return `arn:${partition}:s3::${accountId}:public-access-block`;
}

async function readBucket(target: TargetRef, s3: AwsClients['s3']): Promise<Snapshot> {
  try {
    const found = await s3.send(new GetPublicAccessBlockCommand({ Bucket: bucketName(target) }));
    return toSnapshot(target, found.PublicAccessBlockConfiguration, [target.arn, `${target.arn}/*`]);
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchBucket') return absentSnapshot(target);
    if (name === 'NoSuchPublicAccessBlockConfiguration') return toSnapshot(target, undefined, []);
    throw new TargetFault(`aws refused to show the public access block of ${target.arn}: ${name}`, {
      cause: error,
    });
  }
}

async function readAccount(target: TargetRef, s3Control: AwsClients['s3Control']): Promise<Snapshot> {
  const found = await unless(
    ['NoSuchPublicAccessBlockConfiguration'],
    s3Control.send(new GetAccountBlockCommand({ AccountId: target.accountId })),
  );
  return toSnapshot(target, found?.PublicAccessBlockConfiguration, [
    `arn:${parseArn(target.arn).partition}:s3:::*`,
  ]);
}

/** `restoreHints.block` holds the flags as S3 gave them; null: there is no block. */
function toSnapshot(
  target: TargetRef,
  block: PublicAccessBlock | undefined,
  resources: readonly string[],
): Snapshot {
  const { accountId } = target;
  const document = block === undefined ? undefined : publicAccessDocument(block, { accountId, resources });
  return makeSnapshot({
    target,
    exists: true,
    parts: documentPart(document),
    restoreHints: { block: block === undefined ? null : flagsOf(block) },
  });
}

/** All four flags, each true or false. */
function flagsOf(block: object): PublicAccessBlock {
  const values = Object.entries(block);
  return Object.fromEntries(
    BLOCK_FLAGS.map((flag) => [flag, values.some(([name, value]) => name === flag && value === true)]),
  );
}

type BlockWrites = {
  readonly put: (block: PublicAccessBlock) => Promise<unknown>;
  readonly remove: () => Promise<unknown>;
};

function planBlock({ restoreHints }: Snapshot, whose: string, { put, remove }: BlockWrites): Write[] {
  const block = restoreHints?.['block'];
  if (typeof block !== 'object') throw new TargetFault('the flags of the version before were not kept');
  if (block === null)
    return [
      {
        operation: 'DeletePublicAccessBlock',
        summary: `remove the public access block of ${whose}`,
        send: remove,
      },
    ];
  return [
    {
      operation: 'PutPublicAccessBlock',
      summary: `restore the public access block of ${whose}`,
      send: () => put(flagsOf(block)),
    },
  ];
}

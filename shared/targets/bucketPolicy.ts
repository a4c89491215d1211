/** Bucket policies. */
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { matchPattern } from '../evaluator/matchPattern.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import { partitionOf } from './arn.ts';
import { orFault, restoreByWrites, TargetFault } from './aws.ts';
import { absentSnapshot, documentPart, makeSnapshot, partDocument } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

export const bucketPolicy: TargetOperations = {
  read: (target, { s3 }) => read(target, s3),
  async *list({ s3 }, { accountId, region }) {
    let token: string | undefined;
    do {
      const page = await orFault(
        s3.send(new ListBucketsCommand({ BucketRegion: region, ContinuationToken: token })),
      );
      for (const { Name: name } of page.Buckets ?? []) {
        if (name !== undefined)
          yield { kind: 'bucket-policy', arn: `arn:${partitionOf(region)}:s3:::${name}`, accountId, region };
      }
      token = page.ContinuationToken;
    } while (token !== undefined);
  },
  async restore({ accepted, offending }, { s3 }) {
    const bucket = bucketName(accepted.target);
    const document = partDocument(accepted, 'document');
    const lockOut = document === undefined ? undefined : whyLocksOut(document);
    if (lockOut !== undefined) return { kind: 'cannot-undo', cause: lockOut };
    return restoreByWrites({
      accepted,
      offending,
      read: () => read(accepted.target, s3),
      plan: () => [
        document === undefined
          ? {
              operation: 'DeleteBucketPolicy',
              summary: `remove the policy of bucket ${bucket}`,
              send: () => s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket })),
            }
          : {
              operation: 'PutBucketPolicy',
              summary: `put back the policy of bucket ${bucket}`,
              send: () => s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: document })),
            },
      ],
    });
  },
};

async function read(target: TargetRef, s3: AwsClients['s3']): Promise<Snapshot> {
  try {
    const { Policy: document } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucketName(target) }));
    return makeSnapshot({ target, exists: true, parts: documentPart(document) });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchBucketPolicy') return makeSnapshot({ target, exists: true, parts: [] });
    if (name === 'NoSuchBucket') return absentSnapshot(target);
    throw new TargetFault(`aws refused to show the policy of ${target.arn}: ${name}`, { cause: error });
  }
}

function bucketName({ arn }: TargetRef): string {
  return arn.split(':').slice(5).join(':');
}

/**
 * Says why putting this document back would lock everybody out: it denies everyone, without a condition, to change
 * the policy, and only the root user could free the bucket. Undefined when it does not.
 */
export function whyLocksOut(document: string): string | undefined {
  const parsed = parsePolicy(document, { policyType: 'RESOURCE_POLICY' });
  if (!parsed.ok) return undefined;
  const locks = parsed.policy.statements.some(
    ({ effect, principal, action, conditions }) =>
      effect === 'Deny' &&
      conditions.length === 0 &&
      principal?.negated === false &&
      principal.patterns.some(({ kind }) => kind === 'everyone') &&
      action.patterns.some((pattern) => matchPattern(pattern, 's3:PutBucketPolicy', { foldCase: true })) !==
        action.negated,
  );
  return locks
    ? 'the accepted policy denies everyone s3:PutBucketPolicy; after it only the root user could change the policy'
    : undefined;
}

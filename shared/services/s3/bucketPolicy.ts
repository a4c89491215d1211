/** Bucket policies. */
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { matchPattern } from '../../evaluator/matchPattern.ts';
import { parsePolicy } from '../../policy/parsePolicy.ts';
import { TargetFault } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import { partDocument } from '../../targets/snapshot.ts';
import type { TargetOperations } from '../../targets/target.ts';
import { bucketName, listBuckets } from './buckets.ts';

const written = documentTarget({
  kind: 'bucket-policy',
  service: 's3',
  noun: 'bucket',
  async read(s3, target) {
    try {
      const { Policy: document } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucketName(target) }));
      return { document };
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'NoSuchBucketPolicy') return {};
      if (name === 'NoSuchBucket') return undefined;
      throw new TargetFault(`aws refused to show the policy of ${target.arn}: ${name}`, { cause: error });
    }
  },
  async *list(s3, place) {
    for await (const { arn } of listBuckets('bucket-policy', s3, place)) yield arn;
  },
  put: {
    operation: 'PutBucketPolicy',
    send: (s3, { target, document: Policy }) =>
      s3.send(new PutBucketPolicyCommand({ Bucket: bucketName(target), Policy })),
  },
  remove: {
    operation: 'DeleteBucketPolicy',
    send: (s3, { target }) => s3.send(new DeleteBucketPolicyCommand({ Bucket: bucketName(target) })),
  },
});

export const bucketPolicy: TargetOperations = {
  ...written,
  async restore(request, clients) {
    const document = partDocument(request.accepted, 'document');
    const lockOut = document === undefined ? undefined : whyLocksOut(document);
    return lockOut === undefined
      ? written.restore(request, clients)
      : { kind: 'cannot-undo', cause: lockOut };
  },
};

/**
 * Says why putting this document back would lock everybody out: it denies everyone, without a condition, to change
 * the policy, and only the root user could free the bucket. Undefined when it does not.
 */
function whyLocksOut(document: string): string | undefined {
  const parsed = parsePolicy(document, { policyType: 'RESOURCE_POLICY', held: true });
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

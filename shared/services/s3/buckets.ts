/** Names of buckets, and all of a Region. */
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { parseArn, partitionOf } from '../../policy/arn.ts';
import { allPages, orFault } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import type { TargetKind, TargetRef } from '../../targets/target.ts';

/** Returns the name in a bucket's ARN. */
export function bucketName({ arn }: Pick<TargetRef, 'arn'>): string {
  return parseArn(arn).resource;
}

/** Yields a target of the kind for each bucket of the Region. */
export async function* listBuckets(
  kind: TargetKind,
  s3: AwsClients['s3'],
  { accountId, region }: Pick<TargetRef, 'accountId' | 'region'>,
): AsyncIterable<TargetRef> {
  const buckets = allPages(async (token) => {
    const page = await orFault(
      s3.send(new ListBucketsCommand({ BucketRegion: region, ContinuationToken: token })),
    );
    return { items: page.Buckets ?? [], next: page.ContinuationToken };
  });
  for await (const { Name: name } of buckets) {
    if (name !== undefined) yield { kind, arn: `arn:${partitionOf(region)}:s3:::${name}`, accountId, region };
  }
}

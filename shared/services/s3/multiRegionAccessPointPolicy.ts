/**
 * Policies of S3's Multi-Region Access Points. They are written and told in one Region, and some minutes after the call
 * they hold everywhere: until then the new one is proposed and the old one established. What is proposed is what is
 * judged, since it is what will hold. Events name a point by its name and not by the alias that its ARN holds; the ARN
 * here is that of the type with the name in the alias's place.
 * Source: S3 API Reference, "GetMultiRegionAccessPointPolicy", "MultiRegionAccessPointPolicyDocument".
 */
import {
  GetMultiRegionAccessPointPolicyCommand,
  ListMultiRegionAccessPointsCommand,
  PutMultiRegionAccessPointPolicyCommand,
} from '@aws-sdk/client-s3-control';
import { partitionOf } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget, lastOf, unlessEmpty } from '../../targets/documentTarget.ts';

/** Where the calls are sent, wherever the buckets are. */
const REGION = 'us-west-2';

export const multiRegionAccessPointPolicy = documentTarget({
  kind: 'multi-region-access-point-policy',
  service: 's3Control',
  noun: 'Multi-Region Access Point',
  note: 'it holds everywhere some minutes later',
  async read(s3Control, target) {
    const found = await unless(
      ['NoSuchMultiRegionAccessPoint'],
      s3Control.send(
        new GetMultiRegionAccessPointPolicyCommand({ AccountId: target.accountId, Name: lastOf(target) }),
      ),
    );
    if (found === undefined) return undefined;
    const { Proposed: proposed, Established: established } = found.Policy ?? {};
    return { document: unlessEmpty(proposed?.Policy ?? established?.Policy) };
  },
  async *list(s3Control, { accountId: AccountId, region }) {
    if (region !== REGION) return;
    const points = allPages(async (NextToken) => {
      const page = await orFault(
        s3Control.send(new ListMultiRegionAccessPointsCommand({ AccountId, NextToken })),
      );
      return { items: page.AccessPoints ?? [], next: page.NextToken };
    });
    for await (const { Name: name } of points)
      if (name !== undefined) yield `arn:${partitionOf(region)}:s3::${AccountId}:accesspoint/${name}`;
  },
  // There is no call that takes a policy away.
  put: {
    operation: 'PutMultiRegionAccessPointPolicy',
    send: (s3Control, { target, document: Policy }) =>
      s3Control.send(
        new PutMultiRegionAccessPointPolicyCommand({
          AccountId: target.accountId,
          // The SDK makes one for each request.
          ClientToken: undefined,
          Details: { Name: lastOf(target), Policy },
        }),
      ),
  },
});

/**
 * Policies of S3 access points and of Object Lambda access points: the same calls under two names, told apart by the
 * service in the ARN.
 */
import {
  DeleteAccessPointPolicyCommand,
  DeleteAccessPointPolicyForObjectLambdaCommand,
  GetAccessPointPolicyCommand,
  GetAccessPointPolicyForObjectLambdaCommand,
  ListAccessPointsCommand,
  ListAccessPointsForObjectLambdaCommand,
  PutAccessPointPolicyCommand,
  PutAccessPointPolicyForObjectLambdaCommand,
} from '@aws-sdk/client-s3-control';
import { allPages, orFault, restoreByWrites, TargetFault } from './aws.ts';
import { absentSnapshot, documentPart, makeSnapshot, partDocument } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

type Client = AwsClients['s3Control'];
type Point = { readonly AccountId: string; readonly Name: string };

/** The three calls on a policy, for either sort of access point. */
type Calls = {
  readonly suffix: string;
  readonly get: (client: Client, point: Point) => Promise<{ readonly Policy?: string | undefined }>;
  readonly put: (client: Client, point: Point & { readonly Policy: string }) => Promise<unknown>;
  readonly remove: (client: Client, point: Point) => Promise<unknown>;
};

const PLAIN: Calls = {
  suffix: '',
  get: (client, point) => client.send(new GetAccessPointPolicyCommand(point)),
  put: (client, point) => client.send(new PutAccessPointPolicyCommand(point)),
  remove: (client, point) => client.send(new DeleteAccessPointPolicyCommand(point)),
};

const OBJECT_LAMBDA: Calls = {
  suffix: 'ForObjectLambda',
  get: (client, point) => client.send(new GetAccessPointPolicyForObjectLambdaCommand(point)),
  put: (client, point) => client.send(new PutAccessPointPolicyForObjectLambdaCommand(point)),
  remove: (client, point) => client.send(new DeleteAccessPointPolicyForObjectLambdaCommand(point)),
};

export const accessPointPolicy: TargetOperations = {
  read: (target, { s3Control }) => read(target, s3Control),
  async *list({ s3Control }, place) {
    const { accountId: AccountId } = place;
    const points = allPages(async (token) => {
      const page = await orFault(
        s3Control.send(new ListAccessPointsCommand({ AccountId, NextToken: token })),
      );
      return { items: page.AccessPointList ?? [], next: page.NextToken };
    });
    for await (const { AccessPointArn: arn } of points)
      if (arn !== undefined) yield { kind: 'access-point-policy', arn, ...place };
    const lambdaPoints = allPages(async (token) => {
      const page = await orFault(
        s3Control.send(new ListAccessPointsForObjectLambdaCommand({ AccountId, NextToken: token })),
      );
      return { items: page.ObjectLambdaAccessPointList ?? [], next: page.NextToken };
    });
    for await (const { ObjectLambdaAccessPointArn: arn } of lambdaPoints)
      if (arn !== undefined) yield { kind: 'access-point-policy', arn, ...place };
  },
  restore({ accepted, offending }, { s3Control }) {
    const { target } = accepted;
    const point = pointOf(target);
    const { suffix, put, remove } = callsFor(target);
    const Policy = partDocument(accepted, 'document');
    return restoreByWrites({
      accepted,
      offending,
      read: () => read(target, s3Control),
      plan: () => [
        Policy === undefined
          ? {
              operation: `DeleteAccessPointPolicy${suffix}`,
              summary: `remove the policy of access point ${point.Name}`,
              send: () => remove(s3Control, point),
            }
          : {
              operation: `PutAccessPointPolicy${suffix}`,
              summary: `put back the policy of access point ${point.Name}`,
              send: () => put(s3Control, { ...point, Policy }),
            },
      ],
    });
  },
};

async function read(target: TargetRef, client: Client): Promise<Snapshot> {
  try {
    const { Policy: document } = await callsFor(target).get(client, pointOf(target));
    return makeSnapshot({ target, exists: true, parts: documentPart(document) });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchAccessPointPolicy') return makeSnapshot({ target, exists: true, parts: [] });
    if (name === 'NoSuchAccessPoint') return absentSnapshot(target);
    throw new TargetFault(`aws refused to show the policy of ${target.arn}: ${name}`, { cause: error });
  }
}

function callsFor({ arn }: TargetRef): Calls {
  return arn.split(':')[2] === 's3-object-lambda' ? OBJECT_LAMBDA : PLAIN;
}

/** `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME` */
function pointOf({ arn, accountId }: TargetRef): Point {
  return { AccountId: accountId, Name: arn.slice(arn.indexOf('/') + 1) };
}

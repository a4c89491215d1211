/**
 * Policies of S3 access points and of Object Lambda access points: the same calls under two names, told apart by the
 * service in the ARN.
 */

import {
  DeleteAccessPointPolicyCommand,
  DeleteAccessPointPolicyForObjectLambdaCommand,
  GetAccessPointCommand,
  GetAccessPointForObjectLambdaCommand,
  GetAccessPointPolicyCommand,
  GetAccessPointPolicyForObjectLambdaCommand,
  ListAccessPointsCommand,
  ListAccessPointsForObjectLambdaCommand,
  PutAccessPointPolicyCommand,
  PutAccessPointPolicyForObjectLambdaCommand,
} from '@aws-sdk/client-s3-control';
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, TargetFault } from '../../targets/aws.ts';
import { documentTarget, lastOf } from '../../targets/documentTarget.ts';
import type { TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';

const common = { kind: 'access-point-policy', service: 's3Control', noun: 'access point' } as const;

const plain = documentTarget({
  ...common,
  async read(s3Control, target) {
    const named = pointOf(target);
    const point = await orNone(target, s3Control.send(new GetAccessPointCommand(named)));
    if (point === undefined) return undefined;
    const held = await orNone(target, s3Control.send(new GetAccessPointPolicyCommand(named)));
    const beside = networkOrigin(point.VpcConfiguration);
    return { document: held?.Policy, created: point.CreationDate, beside };
  },
  async *list(s3Control, { accountId: AccountId }) {
    const points = allPages(async (NextToken) => {
      const page = await orFault(s3Control.send(new ListAccessPointsCommand({ AccountId, NextToken })));
      return { items: page.AccessPointList ?? [], next: page.NextToken };
    });
    for await (const { AccessPointArn: arn } of points) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutAccessPointPolicy',
    send: (s3Control, { target, document: Policy }) =>
      s3Control.send(new PutAccessPointPolicyCommand({ ...pointOf(target), Policy })),
  },
  remove: {
    operation: 'DeleteAccessPointPolicy',
    send: (s3Control, { target }) => s3Control.send(new DeleteAccessPointPolicyCommand(pointOf(target))),
  },
});

const objectLambda = documentTarget({
  ...common,
  async read(s3Control, target) {
    const named = pointOf(target);
    const point = await orNone(target, s3Control.send(new GetAccessPointForObjectLambdaCommand(named)));
    if (point === undefined) return undefined;
    const held = await orNone(target, s3Control.send(new GetAccessPointPolicyForObjectLambdaCommand(named)));
    return { document: held?.Policy, created: point.CreationDate };
  },
  async *list(s3Control, { accountId: AccountId }) {
    const points = allPages(async (NextToken) => {
      const page = await orFault(
        s3Control.send(new ListAccessPointsForObjectLambdaCommand({ AccountId, NextToken })),
      );
      return { items: page.ObjectLambdaAccessPointList ?? [], next: page.NextToken };
    });
    for await (const { ObjectLambdaAccessPointArn: arn } of points) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutAccessPointPolicyForObjectLambda',
    send: (s3Control, { target, document: Policy }) =>
      s3Control.send(new PutAccessPointPolicyForObjectLambdaCommand({ ...pointOf(target), Policy })),
  },
  remove: {
    operation: 'DeleteAccessPointPolicyForObjectLambda',
    send: (s3Control, { target }) =>
      s3Control.send(new DeleteAccessPointPolicyForObjectLambdaCommand(pointOf(target))),
  },
});

export const accessPointPolicy: TargetOperations = {
  read: (target, clients) => sortOf(target).read(target, clients),
  async *list(clients, place) {
    yield* plain.list(clients, place);
    yield* objectLambda.list(clients, place);
  },
  restore: (request, clients) => sortOf(request.accepted.target).restore(request, clients),
};

function sortOf({ arn }: TargetRef): TargetOperations {
  return parseArn(arn).service === 's3-object-lambda' ? objectLambda : plain;
}

/** `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME` */
function pointOf(target: TargetRef): { readonly AccountId: string; readonly Name: string } {
  return { AccountId: target.accountId, Name: lastOf(target) };
}

/** Returns the answer; undefined iff there is no such access point, or it has no policy. */
async function orNone<Answer>(target: TargetRef, call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchAccessPoint' || name === 'NoSuchAccessPointPolicy') return undefined;
    throw new TargetFault(`aws refused to show the policy of ${target.arn}: ${name}`, { cause: error });
  }
}

/**
 * What keeps everybody outside one network from an access point, whatever its policy says; it is set when the access
 * point is made and never changes. Source: S3 User Guide, "Creating access points restricted to a virtual private cloud".
 */
function networkOrigin(network: { readonly VpcId?: string | undefined } | undefined): readonly TargetPart[] {
  if (network?.VpcId === undefined) return [];
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceVpc': network.VpcId } },
      },
    ],
  });
  return [{ id: 'network-origin', role: 'limit', document }];
}

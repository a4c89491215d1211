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
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, TargetFault } from '../../targets/aws.ts';
import { documentTarget, type HeldDocument, lastOf } from '../../targets/documentTarget.ts';
import type { TargetOperations, TargetRef } from '../../targets/target.ts';

const common = { kind: 'access-point-policy', service: 's3Control', noun: 'access point' } as const;

const plain = documentTarget({
  ...common,
  read: (s3Control, target) => held(target, s3Control.send(new GetAccessPointPolicyCommand(pointOf(target)))),
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
  read: (s3Control, target) =>
    held(target, s3Control.send(new GetAccessPointPolicyForObjectLambdaCommand(pointOf(target)))),
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

async function held(
  target: TargetRef,
  call: Promise<{ readonly Policy?: string | undefined }>,
): Promise<HeldDocument | undefined> {
  try {
    return { document: (await call).Policy };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchAccessPointPolicy') return {};
    if (name === 'NoSuchAccessPoint') return undefined;
    throw new TargetFault(`aws refused to show the policy of ${target.arn}: ${name}`, { cause: error });
  }
}

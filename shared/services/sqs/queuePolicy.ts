/** Policies of SQS queues, an attribute; its empty text is none. */
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { partitionOf } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentTarget, lastOf } from '../../targets/documentTarget.ts';
import type { TargetRef } from '../../targets/target.ts';

type Sqs = AwsClients['sqs'];

const NOT_THERE = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

export const queuePolicy = documentTarget({
  kind: 'queue-policy',
  service: 'sqs',
  noun: 'queue',
  async read(sqs, target) {
    const QueueUrl = await urlOf(sqs, target);
    if (QueueUrl === undefined) return undefined;
    const found = await unless(
      NOT_THERE,
      sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy', 'CreatedTimestamp'] })),
    );
    if (found === undefined) return undefined;
    const { Policy: document, CreatedTimestamp: seconds } = found.Attributes ?? {};
    // A queue has no other id; one made again under its name is another.
    return {
      document,
      uniqueId: seconds,
      created: seconds === undefined ? undefined : new Date(Number(seconds) * 1_000),
    };
  },
  async *list(sqs, { accountId, region }) {
    const urls = allPages(async (NextToken) => {
      const page = await orFault(sqs.send(new ListQueuesCommand({ MaxResults: 1_000, NextToken })));
      return { items: page.QueueUrls ?? [], next: page.NextToken };
    });
    for await (const url of urls)
      yield `arn:${partitionOf(region)}:sqs:${region}:${accountId}:${url.slice(url.lastIndexOf('/') + 1)}`;
  },
  put: { operation: 'SetQueueAttributes', send: setPolicy },
  remove: { operation: 'SetQueueAttributes', send: setPolicy },
});

async function setPolicy(
  sqs: Sqs,
  { target, document: Policy }: { readonly target: TargetRef; readonly document: string },
): Promise<void> {
  const QueueUrl = await urlOf(sqs, target);
  if (QueueUrl !== undefined)
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

/** Undefined iff there is no such queue. */
async function urlOf(sqs: Sqs, target: TargetRef): Promise<string | undefined> {
  const found = await unless(
    NOT_THERE,
    sqs.send(new GetQueueUrlCommand({ QueueName: lastOf(target), QueueOwnerAWSAccountId: target.accountId })),
  );
  return found?.QueueUrl;
}

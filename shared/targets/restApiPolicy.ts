/**
 * Policies of REST APIs. Without one the API's methods decide alone, so a policy is judged as a limit on what they let
 * in: that it lets pass more, or goes away, is what counts. API Gateway shows the policy as the inside of a JSON text, every quote escaped. What it holds
 * comes into force with the next deployment of a stage, and so does what is put back: that deployment is left to people,
 * since it would carry every other undeployed change along.
 * Source: API Gateway Developer Guide, "Control access to a REST API with resource policies".
 */
import { GetRestApiCommand, GetRestApisCommand, UpdateRestApiCommand } from '@aws-sdk/client-api-gateway';
import { partitionOf } from './arn.ts';
import { allPages, orFault, restoreByWrites, unless } from './aws.ts';
import { absentSnapshot, makeSnapshot, partDocument } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

export const restApiPolicy: TargetOperations = {
  read: (target, { apiGateway }) => read(target, apiGateway),
  async *list({ apiGateway }, place) {
    const apis = allPages(async (position) => {
      const page = await orFault(apiGateway.send(new GetRestApisCommand({ position, limit: 500 })));
      return { items: page.items ?? [], next: page.position };
    });
    const { region } = place;
    for await (const { id } of apis)
      if (id !== undefined)
        yield {
          kind: 'rest-api-policy',
          arn: `arn:${partitionOf(region)}:apigateway:${region}::/restapis/${id}`,
          ...place,
        };
  },
  restore({ accepted, offending }, { apiGateway }) {
    const restApiId = idOf(accepted.target);
    const value = partDocument(accepted, 'document') ?? '';
    return restoreByWrites({
      accepted,
      offending,
      read: () => read(accepted.target, apiGateway),
      plan: () => [
        {
          operation: 'UpdateRestApi',
          summary: `${value === '' ? 'remove' : 'put back'} the policy of REST API ${restApiId}; deploy its stages for it to count`,
          send: () =>
            apiGateway.send(
              new UpdateRestApiCommand({
                restApiId,
                patchOperations: [{ op: 'replace', path: '/policy', value }],
              }),
            ),
        },
      ],
    });
  },
};

async function read(target: TargetRef, apiGateway: AwsClients['apiGateway']): Promise<Snapshot> {
  const found = await unless(
    ['NotFoundException'],
    apiGateway.send(new GetRestApiCommand({ restApiId: idOf(target) })),
  );
  if (found === undefined) return absentSnapshot(target);
  const { policy, createdDate: created } = found;
  return makeSnapshot({
    target,
    exists: true,
    uniqueId: idOf(target),
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts:
      policy === undefined || policy === ''
        ? []
        : [{ id: 'document', role: 'limit', document: unescaped(policy) }],
  });
}

/** Returns the policy without the escapes, or as it is when it holds none. */
export function unescaped(policy: string): string {
  if (!policy.includes('\\"')) return policy;
  try {
    const inside: unknown = JSON.parse(`"${policy}"`);
    return typeof inside === 'string' ? inside : policy;
  } catch {
    return policy;
  }
}

function idOf({ arn }: TargetRef): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

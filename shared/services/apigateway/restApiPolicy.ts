/**
 * Policies of REST APIs. Without one the API's methods decide alone, so a policy is judged as a limit on what they let
 * in: that it lets pass more, or goes away, is what counts. API Gateway shows the policy as the inside of a JSON text,
 * every quote escaped. What it holds comes into force with the next deployment of a stage, and so does what is restored:
 * that deployment is left to people, since it would carry every other undeployed change along.
 * Source: API Gateway Developer Guide, "Control access to a REST API with resource policies".
 */
import { GetRestApiCommand, GetRestApisCommand, UpdateRestApiCommand } from '@aws-sdk/client-api-gateway';
import { partitionOf } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentTarget, lastOf } from '../../targets/documentTarget.ts';
import type { TargetRef } from '../../targets/target.ts';

/** An empty value removes the policy. */
const write = {
  operation: 'UpdateRestApi',
  send: (
    apiGateway: AwsClients['apiGateway'],
    { target, document: value }: { readonly target: TargetRef; readonly document: string },
  ) =>
    apiGateway.send(
      new UpdateRestApiCommand({
        restApiId: lastOf(target),
        patchOperations: [{ op: 'replace', path: '/policy', value }],
      }),
    ),
};

export const restApiPolicy = documentTarget({
  kind: 'rest-api-policy',
  service: 'apiGateway',
  noun: 'REST API',
  note: 'deploy its stages for that to count',
  role: 'limit',
  async read(apiGateway, target) {
    const found = await unless(
      ['NotFoundException'],
      apiGateway.send(new GetRestApiCommand({ restApiId: lastOf(target) })),
    );
    if (found === undefined) return undefined;
    const { policy, createdDate: created } = found;
    return { document: policy && unescaped(policy), created, uniqueId: lastOf(target) };
  },
  async *list(apiGateway, { region }) {
    const apis = allPages(async (position) => {
      const page = await orFault(apiGateway.send(new GetRestApisCommand({ position, limit: 500 })));
      return { items: page.items ?? [], next: page.position };
    });
    for await (const { id } of apis)
      if (id !== undefined) yield `arn:${partitionOf(region)}:apigateway:${region}::/restapis/${id}`;
  },
  put: write,
  remove: write,
});

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

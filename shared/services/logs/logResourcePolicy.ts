/**
 * Resource policies of CloudWatch Logs: of an account and Region, by name; each grants by itself. A name that holds no
 * policy is there as well: what is put under it is measured by nothing. AWS has no ARN for one.
 */
import { partitionOf, resourceName } from '../../policy/arn.ts';
import { allPages, orFault } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import {
  DeleteResourcePolicyCommand,
  DescribeResourcePoliciesCommand,
  PutResourcePolicyCommand,
} from './logsClient.ts';

const policiesOf = (logs: AwsClients['logs']) =>
  allPages(async (nextToken) => {
    const page = await orFault(logs.send(new DescribeResourcePoliciesCommand({ nextToken })));
    return { items: page.resourcePolicies ?? [], next: page.nextToken };
  });

export const logResourcePolicy = documentTarget({
  kind: 'log-resource-policy',
  service: 'logs',
  noun: 'log groups',
  async read(logs, { arn }) {
    for await (const { policyName, policyDocument: document } of policiesOf(logs))
      if (policyName === resourceName(arn)) return { document };
    return {};
  },
  async *list(logs, { accountId, region }) {
    for await (const { policyName } of policiesOf(logs))
      yield `arn:${partitionOf(region)}:logs:${region}:${accountId}:resource-policy:${policyName}`;
  },
  put: {
    operation: 'PutResourcePolicy',
    send: (logs, { target: { arn }, document: policyDocument }) =>
      logs.send(new PutResourcePolicyCommand({ policyName: resourceName(arn), policyDocument })),
  },
  remove: {
    operation: 'DeleteResourcePolicy',
    send: (logs, { target: { arn } }) =>
      logs.send(new DeleteResourcePolicyCommand({ policyName: resourceName(arn) })),
  },
});

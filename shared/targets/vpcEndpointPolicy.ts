/**
 * Policies of VPC endpoints. An endpoint's policy grants nothing: it says which requests pass through the endpoint, of
 * those that identity and resource policies grant. So it is judged as a limit, and that it lets pass more is what counts.
 */
import { DescribeVpcEndpointsCommand, ModifyVpcEndpointCommand } from '@aws-sdk/client-ec2';
import { partitionOf } from './arn.ts';
import { allPages, orFault, restoreByWrites, unless } from './aws.ts';
import { absentSnapshot, makeSnapshot, partDocument } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

export const vpcEndpointPolicy: TargetOperations = {
  read: (target, { ec2 }) => read(target, ec2),
  async *list({ ec2 }, place) {
    const endpoints = allPages(async (NextToken) => {
      const page = await orFault(ec2.send(new DescribeVpcEndpointsCommand({ MaxResults: 1_000, NextToken })));
      return { items: page.VpcEndpoints ?? [], next: page.NextToken };
    });
    const { region, accountId } = place;
    for await (const { VpcEndpointId: id } of endpoints)
      if (id !== undefined)
        yield {
          kind: 'vpc-endpoint-policy',
          arn: `arn:${partitionOf(region)}:ec2:${region}:${accountId}:vpc-endpoint/${id}`,
          ...place,
        };
  },
  async restore({ accepted, offending }, { ec2 }) {
    const VpcEndpointId = idOf(accepted.target);
    const PolicyDocument = partDocument(accepted, 'document');
    if (PolicyDocument === undefined)
      return { kind: 'cannot-undo', cause: 'an endpoint of this type takes no policy' };
    return restoreByWrites({
      accepted,
      offending,
      read: () => read(accepted.target, ec2),
      plan: () => [
        {
          operation: 'ModifyVpcEndpoint',
          summary: `put back the policy of endpoint ${VpcEndpointId}`,
          send: () => ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PolicyDocument })),
        },
      ],
    });
  },
};

async function read(target: TargetRef, ec2: AwsClients['ec2']): Promise<Snapshot> {
  const found = await unless(
    ['InvalidVpcEndpointId.NotFound', 'InvalidVpcEndpoint.NotFound'],
    ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [idOf(target)] })),
  );
  const endpoint = found?.VpcEndpoints?.[0];
  if (endpoint === undefined || /^delet/i.test(endpoint.State ?? '')) return absentSnapshot(target);
  const { PolicyDocument: document, CreationTimestamp: created } = endpoint;
  return makeSnapshot({
    target,
    exists: true,
    uniqueId: idOf(target),
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts: document === undefined ? [] : [{ id: 'document', role: 'limit', document }],
  });
}

function idOf({ arn }: TargetRef): string {
  return arn.slice(arn.indexOf('/') + 1);
}

/**
 * Policies of VPC endpoints. An endpoint's policy grants nothing: it says which requests pass through the endpoint, of
 * those that identity and resource policies grant. So it is judged as a limit, and that it lets pass more is what counts.
 */
import { DescribeVpcEndpointsCommand, ModifyVpcEndpointCommand } from '@aws-sdk/client-ec2';
import { partitionOf } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { endpointRole } from '../../targets/documentSyntax.ts';
import { documentTarget, lastOf } from '../../targets/documentTarget.ts';

export const vpcEndpointPolicy = documentTarget({
  kind: 'vpc-endpoint-policy',
  service: 'ec2',
  noun: 'VPC endpoint',
  role: 'limit',
  async read(ec2, target) {
    const found = await unless(
      ['InvalidVpcEndpointId.NotFound'],
      ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [lastOf(target)] })),
    );
    const endpoint = found?.VpcEndpoints?.[0];
    // A deleted endpoint is shown for a while.
    if (endpoint === undefined || /^delet/i.test(endpoint.State ?? '')) return undefined;
    const { PolicyDocument: document, CreationTimestamp: created, VpcEndpointType: type } = endpoint;
    return { document, created, uniqueId: lastOf(target), role: endpointRole(type) };
  },
  async *list(ec2, { accountId, region }) {
    const endpoints = allPages(async (NextToken) => {
      const page = await orFault(ec2.send(new DescribeVpcEndpointsCommand({ MaxResults: 1_000, NextToken })));
      return { items: page.VpcEndpoints ?? [], next: page.NextToken };
    });
    for await (const { VpcEndpointId: id } of endpoints)
      if (id !== undefined) yield `arn:${partitionOf(region)}:ec2:${region}:${accountId}:vpc-endpoint/${id}`;
  },
  // An endpoint that takes policies always has one; of the others there is nothing to restore.
  put: {
    operation: 'ModifyVpcEndpoint',
    send: (ec2, { target, document: PolicyDocument }) =>
      ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: lastOf(target), PolicyDocument })),
  },
});

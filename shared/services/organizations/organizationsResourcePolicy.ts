/**
 * The resource policy of an organization: which accounts may do what with its policies, units and accounts. There is
 * one, in the management account; the target's ARN is that of its type without the ids, which events of its deletion do
 * not tell. Source: Organizations User Guide, "Delegated administrator for AWS Organizations".
 */
import {
  DeleteResourcePolicyCommand,
  DescribeResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-organizations';
import { partitionOf } from '../../policy/arn.ts';
import { unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import { manages } from './organizations.ts';

export const organizationsResourcePolicy = documentTarget({
  kind: 'organizations-resource-policy',
  service: 'organizations',
  noun: 'organization',
  async read(organizations) {
    const found = await unless(
      ['ResourcePolicyNotFoundException', 'AWSOrganizationsNotInUseException'],
      organizations.send(new DescribeResourcePolicyCommand({})),
    );
    return { document: found?.ResourcePolicy?.Content };
  },
  async *list(organizations, { accountId, region }) {
    if (await manages(organizations, accountId))
      yield `arn:${partitionOf(region)}:organizations::${accountId}:resourcepolicy`;
  },
  put: {
    operation: 'PutResourcePolicy',
    send: (organizations, { document: Content }) =>
      organizations.send(new PutResourcePolicyCommand({ Content })),
  },
  remove: {
    operation: 'DeleteResourcePolicy',
    send: (organizations) => organizations.send(new DeleteResourcePolicyCommand({})),
  },
});

/**
 * Service and resource control policies: judged on the document alone, and once more beside others that let everything
 * pass, since a policy that only denies limits what `FullAWSAccess` beside it lets through. A restriction that goes
 * away is what widens. Source: Organizations User Guide, "SCP evaluation", "RCP evaluation".
 */
import { DescribePolicyCommand, UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import { unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import type { TargetRef } from '../../targets/target.ts';
import { idOf, isResourceControl, listOwnPolicies, manages } from './organizations.ts';

const describe = (organizations: AwsClients['organizations'], target: TargetRef) =>
  unless(
    ['PolicyNotFoundException', 'AWSOrganizationsNotInUseException'],
    organizations.send(new DescribePolicyCommand({ PolicyId: idOf(target) })),
  );

export const organizationsPolicy = documentTarget({
  kind: 'organizations-policy',
  service: 'organizations',
  noun: 'control policy',
  // Events name a policy by its id alone.
  async resolve(organizations, target) {
    if (/:policy\/o-/.test(target.arn)) return target.arn;
    return (await describe(organizations, target))?.Policy?.PolicySummary?.Arn ?? target.arn;
  },
  async read(organizations, target) {
    const policy = (await describe(organizations, target))?.Policy;
    if (policy === undefined) return undefined;
    return {
      document: policy.Content,
      uniqueId: policy.PolicySummary?.Id,
      role: isResourceControl(target.arn) ? 'resource' : 'grant',
    };
  },
  async *list(organizations, { accountId }) {
    if (await manages(organizations, accountId)) yield* listOwnPolicies(organizations);
  },
  put: {
    operation: 'UpdatePolicy',
    send: (organizations, { target, document: Content }) =>
      organizations.send(new UpdatePolicyCommand({ PolicyId: idOf(target), Content })),
  },
});

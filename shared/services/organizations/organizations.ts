/**
 * What policies of an organization and their attachments share. Only the account that manages the organization, or one
 * that it named for this, is answered; others hold none of these targets.
 */
import {
  DescribeOrganizationCommand,
  ListPoliciesCommand,
  type PolicyType,
} from '@aws-sdk/client-organizations';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import type { PartRole, TargetRef } from '../../targets/target.ts';

type Organizations = AwsClients['organizations'];

/** The types of policy that limit access; what else Organizations calls a policy grants and limits nothing. */
export const LIMITING_TYPES = [
  'SERVICE_CONTROL_POLICY',
  'RESOURCE_CONTROL_POLICY',
] as const satisfies readonly PolicyType[];

/** Attached everywhere and never detached, it lets everything pass. Source: Organizations User Guide, "RCP syntax". */
export const FULL_RESOURCE_ACCESS = 'p-RCPFullAWSAccess';

/** Returns true iff the ARN is that of a resource control policy. Its statements name principals; an SCP's do not. */
export function isResourceControl(policyArn: string): boolean {
  return policyArn.includes('/resource_control_policy/');
}

/** Returns the organization's id and the account that manages it; undefined iff the account is in none. */
export async function organizationOf(
  organizations: Organizations,
): Promise<{ readonly id: string; readonly managementAccount: string } | undefined> {
  const found = await unless(
    ['AWSOrganizationsNotInUseException'],
    organizations.send(new DescribeOrganizationCommand({})),
  );
  const { Id: id, MasterAccountId: managementAccount } = found?.Organization ?? {};
  return id === undefined || managementAccount === undefined ? undefined : { id, managementAccount };
}

/** Returns true iff the account manages its organization: elsewhere nothing of it is listed. */
export async function manages(organizations: Organizations, accountId: string): Promise<boolean> {
  return (await organizationOf(organizations))?.managementAccount === accountId;
}

/** Yields the ARNs of the organization's own limiting policies. */
export async function* listOwnPolicies(organizations: Organizations): AsyncIterable<string> {
  for (const Filter of LIMITING_TYPES) {
    const policies = allPages(async (NextToken) => {
      const page = await orFault(organizations.send(new ListPoliciesCommand({ Filter, NextToken })));
      return { items: page.Policies ?? [], next: page.NextToken };
    });
    for await (const { Arn: arn, AwsManaged: isAwsManaged } of policies)
      if (arn !== undefined && isAwsManaged !== true) yield arn;
  }
}

/**
 * Returns the role of a policy among what limits a target. Only the grammar differs: an SCP's statements name no
 * principals, an RCP's do.
 */
export function limitRole(policyArn: string): PartRole {
  return isResourceControl(policyArn) ? 'limit' : 'boundary';
}

/** Returns the target's last name: `r-…`, `ou-…`, an account's id, `p-…`. */
export function idOf({ arn }: Pick<TargetRef, 'arn'>): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

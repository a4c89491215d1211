/** What permission sets and their assignments share. Only the account that holds the instance, or one delegated, is answered. */
import { ListInstancesCommand, ListPermissionSetsCommand } from '@aws-sdk/client-sso-admin';
import { allPages, collectPages, orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import type { TargetRef } from '../../targets/target.ts';

/** How IAM Identity Center says that a permission set, or a part of one, is not there. */
export const NOT_THERE = ['ResourceNotFoundException'];

/** Returns the ARNs of the instances that the account sees. */
export async function instancesOf(ssoAdmin: AwsClients['ssoAdmin']): Promise<readonly string[]> {
  return collectPages(async (NextToken) => {
    const page = await unless(NOT_THERE, ssoAdmin.send(new ListInstancesCommand({ NextToken })));
    return {
      items: (page?.Instances ?? []).flatMap(({ InstanceArn }) => InstanceArn ?? []),
      next: page?.NextToken,
    };
  });
}

/** Yields the ARNs of all permission sets, page by page. */
export async function* permissionSets(ssoAdmin: AwsClients['ssoAdmin']): AsyncIterable<string> {
  for (const InstanceArn of await instancesOf(ssoAdmin)) {
    yield* allPages(async (NextToken) => {
      const page = await orFault(ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn, NextToken })));
      return { items: page.PermissionSets ?? [], next: page.NextToken };
    });
  }
}

/** Returns what calls on a set take. `arn:aws:sso:::permissionSet/ssoins-…/ps-…` names its instance. */
export function placeOf({ arn }: Pick<TargetRef, 'arn'>): {
  readonly InstanceArn: string;
  readonly PermissionSetArn: string;
} {
  const [, partition = 'aws', instance = ''] = /^arn:([^:]+):sso:::permissionSet\/([^/]+)\//.exec(arn) ?? [];
  return { InstanceArn: `arn:${partition}:sso:::instance/${instance}`, PermissionSetArn: arn };
}

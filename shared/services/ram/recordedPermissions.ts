/** RAM's operations on customer managed permissions in memory. Source: RAM API Reference. */
import {
  type Account,
  AwsError,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
} from '../../recording/account.ts';

const NOT_FOUND = 'UnknownResourceException';

type Versions = { readonly templates: Map<number, string>; defaultVersion: number; next: number };

function permissionOf(
  account: Account,
  input: Input,
  { lenient }: Pick<OperationContext, 'lenient'>,
): Resource {
  return resourceOf(account, required(input, 'permissionArn'), { lenient, notFound: NOT_FOUND });
}

function versionsOf({ facts }: Resource): Versions {
  const known = facts.get('versions');
  if (known !== undefined) return known as Versions; // Set below and nowhere else.
  const versions: Versions = { templates: new Map(), defaultVersion: 1, next: 1 };
  facts.set('versions', versions);
  return versions;
}

function addVersion(permission: Resource, template: string): void {
  const versions = versionsOf(permission);
  versions.defaultVersion = versions.next;
  versions.templates.set(versions.next, template);
  versions.next++;
}

function described(permission: Resource, version = versionsOf(permission).defaultVersion): Input {
  const { templates, defaultVersion } = versionsOf(permission);
  return {
    arn: permission.arn,
    version: String(version),
    defaultVersion: version === defaultVersion,
    permission: templates.get(version) ?? '{}',
    status: 'ATTACHABLE',
    creationTime: permission.created,
  };
}

/** Returns the permission as `GetPermission` shows it; undefined iff the account was never seen to make it. */
export function shownPermission(account: Account, input: Input): Input | undefined {
  const permission = account.resources.get(required(input, 'permissionArn'));
  if (permission === undefined) return undefined;
  const version = input['permissionVersion'];
  return described(permission, typeof version === 'number' ? version : undefined);
}

/** The operations, to stand beside those on shares. */
export const RAM_PERMISSION_OPERATIONS: OperationTable = {
  CreatePermission(account, input, { now, region }) {
    const arn =
      optional(input, 'permissionArn') ??
      `arn:${account.partition}:ram:${region}:${account.accountId}:permission/${required(input, 'name')}`;
    const permission = makeResource(account, arn, now);
    addVersion(permission, required(input, 'policyTemplate'));
    return { permission: described(permission) };
  },
  PromotePermissionCreatedFromPolicy(account, input, { now }) {
    return { permission: described(makeResource(account, required(input, 'permissionArn'), now)) };
  },
  CreatePermissionVersion(account, input, context) {
    const permission = permissionOf(account, input, context);
    if (!context.lenient && versionsOf(permission).templates.size >= 5)
      throw new AwsError('PermissionVersionsLimitExceededException', 'there are five versions');
    addVersion(permission, required(input, 'policyTemplate'));
    return { permission: described(permission) };
  },
  SetDefaultPermissionVersion(account, input, context) {
    const versions = versionsOf(permissionOf(account, input, context));
    const wanted = Number(input['permissionVersion']);
    if (!context.lenient && !versions.templates.has(wanted))
      throw new AwsError(NOT_FOUND, 'there is no such version');
    versions.defaultVersion = wanted;
    return { returnValue: true };
  },
  DeletePermissionVersion(account, input, context) {
    versionsOf(permissionOf(account, input, context)).templates.delete(Number(input['permissionVersion']));
    return { returnValue: true, permissionStatus: 'DELETING' };
  },
  DeletePermission(account, input, context) {
    account.resources.delete(permissionOf(account, input, context).arn);
    return { returnValue: true, permissionStatus: 'DELETING' };
  },
  ListPermissions: (account, _, { region }) => ({
    permissions: resourcesOf(account, 'ram', region)
      .filter(({ arn }) => arn.includes(':permission/'))
      .map((permission) => described(permission)),
  }),
  ListPermissionVersions(account, input) {
    const permission = permissionOf(account, input, { lenient: false });
    const versions = [...versionsOf(permission).templates.keys()];
    return { permissions: versions.map((version) => described(permission, version)) };
  },
};

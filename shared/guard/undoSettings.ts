/** AWS CLI commands that put former settings back by hand: blocks, ACLs, sharing lists, grants, URLs. */
import type { Snapshot } from '../targets/target.ts';

/** Returns the commands that lead from what AWS holds to what was accepted. */
export type UndoCommands = (live: Snapshot, accepted: Snapshot) => string[];

/** By kind. What a setting was stands in the accepted version's hints, as the API takes it. */
export const SETTING_COMMANDS = {
  'bucket-public-access-block': ({ target: { arn } }, accepted) => [
    blockCommand(`aws s3api`, `--bucket ${afterAccount(arn)}`, accepted),
  ],
  'account-public-access-block': ({ target: { accountId } }, accepted) => [
    blockCommand(`aws s3control`, `--account-id ${accountId}`, accepted),
  ],
  'bucket-acl': ({ target: { arn } }, { restoreHints }) => {
    const bucket = `--bucket ${afterAccount(arn)}`;
    const ownership = hint(restoreHints?.['acl'], 'ownership');
    return [
      `aws s3api put-bucket-acl ${bucket} --access-control-policy file://before.json`,
      typeof ownership === 'string'
        ? `aws s3api put-bucket-ownership-controls ${bucket} --ownership-controls 'Rules=[{ObjectOwnership=${ownership}}]'`
        : `aws s3api delete-bucket-ownership-controls ${bucket}`,
    ];
  },
  'kms-key': ({ target: { arn }, parts }, accepted) => {
    const known = new Map(accepted.parts.map(({ id, document }) => [id, document]));
    return parts
      .filter(({ id, document }) => (id === 'document' ? known.get(id) !== document : !known.has(id)))
      .map(({ id }) =>
        id === 'document'
          ? `aws kms put-key-policy --key-id ${arn} --policy-name default --policy file://before.json`
          : `aws kms revoke-grant --key-id ${arn} --grant-id ${id.slice(id.indexOf(':') + 1)}`,
      );
  },
  'lambda-function-url': ({ target: { arn } }, { restoreHints }) => {
    const authType = hint(restoreHints?.['url'], 'AuthType');
    return [
      typeof authType === 'string'
        ? `aws lambda update-function-url-config --function-name ${arn} --auth-type ${authType}`
        : `aws lambda delete-function-url-config --function-name ${arn}`,
    ];
  },
  'ec2-snapshot-sharing': sharing(
    (id, how, names) =>
      `aws ec2 modify-snapshot-attribute --snapshot-id ${id} --attribute createVolumePermission --operation-type ${how} ${ec2Names(names, { everybody: 'group-names' })}`,
    ['add', 'remove'],
  ),
  'ec2-image-sharing': sharing(
    (id, how, names) =>
      `aws ec2 modify-image-attribute --image-id ${id} --attribute launchPermission --operation-type ${how} ${ec2Names(names, { everybody: 'user-groups' })}`,
    ['add', 'remove'],
  ),
  'ec2-block-public-access': (_, { restoreHints }) => [
    blockStateCommand('snapshot', '--state', restoreHints?.['snapshots']),
    blockStateCommand('image', '--image-block-public-access-state', restoreHints?.['images']),
  ],
  'rds-snapshot-sharing': sharing(
    (id, how, names) =>
      `aws rds modify-db-snapshot-attribute --db-snapshot-identifier ${id} --attribute-name restore --${how} ${names.join(' ')}`,
    ['values-to-add', 'values-to-remove'],
  ),
  'rds-cluster-snapshot-sharing': sharing(
    (id, how, names) =>
      `aws rds modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier ${id} --attribute-name restore --${how} ${names.join(' ')}`,
    ['values-to-add', 'values-to-remove'],
  ),
  'roles-anywhere-profile': ({ target: { arn } }, { restoreHints }) => {
    const which = `--profile-id ${/[^/]+$/.exec(arn)?.[0] ?? arn}`;
    const [enabled, session, roles, managed] = [
      'enabled',
      'sessionPolicy',
      'roleArns',
      'managedPolicyArns',
    ].map((name) => hint(restoreHints?.['profile'], name));
    if (enabled !== true) return [`aws rolesanywhere disable-profile ${which}`];
    const policy = session === undefined ? '' : ' --session-policy file://before.json';
    return [
      `aws rolesanywhere update-profile ${which} --role-arns ${listed(roles)} --managed-policy-arns ${listed(managed)}${policy}`,
    ];
  },
} as const satisfies { readonly [kind: string]: UndoCommands };

function blockCommand(client: string, whose: string, { restoreHints }: Snapshot): string {
  const block = restoreHints?.['block'];
  return block === undefined
    ? `${client} delete-public-access-block ${whose}`
    : `${client} put-public-access-block ${whose} --public-access-block-configuration '${JSON.stringify(block)}'`;
}

function blockStateCommand(what: string, option: string, state: unknown): string {
  return typeof state !== 'string' || state === 'unblocked'
    ? `aws ec2 disable-${what}-block-public-access`
    : `aws ec2 enable-${what}-block-public-access ${option} ${state}`;
}

/** Takes off the list who was not on it, then puts back who was. */
function sharing(
  command: (id: string, how: string, names: readonly string[]) => string,
  [add, remove]: readonly [add: string, remove: string],
): UndoCommands {
  return (live, accepted) => {
    const id = /[^:/]+$/.exec(live.target.arn)?.[0] ?? live.target.arn;
    const [there, wanted] = [sharedWith(live), sharedWith(accepted)];
    const surplus = there.filter((name) => !wanted.includes(name));
    const missing = wanted.filter((name) => !there.includes(name));
    return [
      ...(surplus.length > 0 ? [command(id, remove, surplus)] : []),
      ...(missing.length > 0 ? [command(id, add, missing)] : []),
    ];
  };
}

/** `shared-with:NAME` */
function sharedWith({ parts }: Snapshot): readonly string[] {
  return parts.map(({ id }) => id.slice(id.indexOf(':') + 1));
}

/** EC2 has an option for each sort of name. */
function ec2Names(names: readonly string[], { everybody }: { readonly everybody: string }): string {
  const sorts: readonly (readonly [option: string, pattern: RegExp])[] = [
    [everybody, /^all$/],
    ['user-ids', /^\d+$/],
    ['organization-arns', /:organization\//],
    ['organizational-unit-arns', /:ou\//],
  ];
  return sorts
    .map(([option, pattern]) => [option, names.filter((name) => pattern.test(name))] as const)
    .filter(([, of]) => of.length > 0)
    .map(([option, of]) => `--${option} ${of.join(' ')}`)
    .join(' ');
}

function hint(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([member]) => member === name)?.[1];
}

/** As the AWS CLI takes a list. */
function listed(values: unknown): string {
  return Array.isArray(values) && values.length > 0 ? values.join(' ') : "'[]'";
}

/** What follows the account in an ARN: the name of a bucket. */
function afterAccount(arn: string): string {
  return arn.split(':').slice(5).join(':');
}

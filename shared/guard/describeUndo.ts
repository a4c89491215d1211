/**
 * What a person types to put the accepted content back by hand: AWS CLI commands, one for each part that differs.
 * `before.json` stands for the document as it was, which the store keeps.
 */
import type { Snapshot, TargetKind } from '../targets/target.ts';
import { rebase } from './rebase.ts';

/** More commands than this say no more. */
const MAX_COMMANDS = 5;

/** Returns the commands, joined by ` && `; one sentence where there is no accepted version to go back to. */
export function describeUndo(live: Snapshot, accepted: Snapshot | undefined): string {
  if (accepted === undefined) return 'there is no accepted version; take away what should not be granted';
  const commands = COMMANDS[live.target.kind](live, rebase(accepted, live));
  const shown = commands.slice(0, MAX_COMMANDS).join(' && ');
  return commands.length > MAX_COMMANDS ? `${shown} && … ${commands.length - MAX_COMMANDS} more` : shown;
}

type Commands = (live: Snapshot, accepted: Snapshot) => string[];

/** Of a kind that holds one document: what puts it back, and what takes it away where there was none. */
const oneDocument =
  (put: (arn: string) => string, remove: (arn: string) => string): Commands =>
  ({ target: { arn } }, { parts }) => [parts.length > 0 ? put(arn) : remove(arn)];

const COMMANDS: { readonly [kind in TargetKind]: Commands } = {
  'managed-policy': ({ target: { arn } }, { revision = 'VERSION-BEFORE' }) => [
    `aws iam set-default-policy-version --policy-arn ${arn} --version-id ${revision}`,
  ],
  'iam-principal': principalCommands,
  'role-trust': ({ target: { arn } }) => [
    `aws iam update-assume-role-policy --role-name ${lastOf(arn)} --policy-document file://before.json`,
  ],
  'instance-profile': (live, accepted) => {
    const which = `--instance-profile-name ${lastOf(live.target.arn)}`;
    const roles = ({ parts }: Snapshot) => parts.map(({ id }) => splitId(id)[1]);
    return statementCommands(roles(live), roles(accepted), {
      remove: (role) => `aws iam remove-role-from-instance-profile ${which} --role-name ${role}`,
      add: (role) => `aws iam add-role-to-instance-profile ${which} --role-name ${role}`,
    });
  },
  'identity-provider': ({ target: { arn } }) =>
    arn.includes(':saml-provider/')
      ? [`aws iam update-saml-provider --saml-provider-arn ${arn} --saml-metadata-document file://before.xml`]
      : [`aws iam update-open-id-connect-provider-thumbprint --open-id-connect-provider-arn ${arn} …`],
  'bucket-policy': oneDocument(
    (arn) => `aws s3api put-bucket-policy --bucket ${restOf(arn)} --policy file://before.json`,
    (arn) => `aws s3api delete-bucket-policy --bucket ${restOf(arn)}`,
  ),
  'lambda-function-policy': (live, accepted) => {
    const which = `--function-name ${live.target.arn}`;
    return statementCommands(sidsOf(live), sidsOf(accepted), {
      remove: (sid) => `aws lambda remove-permission ${which} --statement-id ${sid}`,
      add: (sid) => `aws lambda add-permission ${which} --statement-id ${sid} …`,
    });
  },
  'bucket-public-access-block': ({ target: { arn } }, accepted) => [
    `aws s3api put-public-access-block --bucket ${restOf(arn)} --public-access-block-configuration '${setting(accepted, 'block')}'`,
  ],
  'account-public-access-block': ({ target: { accountId } }, accepted) => [
    `aws s3control put-public-access-block --account-id ${accountId} --public-access-block-configuration '${setting(accepted, 'block')}'`,
  ],
  'access-point-policy': ({ target: { arn, accountId } }, { parts }) => {
    const suffix = arn.includes(':s3-object-lambda:') ? '-for-object-lambda' : '';
    const point = `--account-id ${accountId} --name ${lastOf(arn)}`;
    return parts.length > 0
      ? [`aws s3control put-access-point-policy${suffix} ${point} --policy file://before.json`]
      : [`aws s3control delete-access-point-policy${suffix} ${point}`];
  },
  'kms-key': keyCommands,
  'lambda-layer-version-policy': (live, accepted) => {
    const [, layer = '', version = ''] = /^(.*):(\d+)$/.exec(live.target.arn) ?? [];
    const which = `--layer-name ${layer} --version-number ${version}`;
    return statementCommands(sidsOf(live), sidsOf(accepted), {
      remove: (sid) => `aws lambda remove-layer-version-permission ${which} --statement-id ${sid}`,
      add: (sid) => `aws lambda add-layer-version-permission ${which} --statement-id ${sid} …`,
    });
  },
  'lambda-function-url': oneDocument(
    (arn) => `aws lambda update-function-url-config --function-name ${arn} --auth-type AWS_IAM`,
    (arn) => `aws lambda delete-function-url-config --function-name ${arn}`,
  ),
  'vpc-endpoint-policy': ({ target: { arn } }) => [
    `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${lastOf(arn)} --policy-document file://before.json`,
  ],
  'ec2-snapshot-sharing': ({ target: { arn } }) => [
    `aws ec2 modify-snapshot-attribute --snapshot-id ${lastOf(arn)} --create-volume-permission 'Remove=[…]'`,
  ],
  'ec2-image-sharing': ({ target: { arn } }) => [
    `aws ec2 modify-image-attribute --image-id ${lastOf(arn)} --launch-permission 'Remove=[…]'`,
  ],
  'ec2-block-public-access': () => [
    'aws ec2 enable-snapshot-block-public-access --state block-all-sharing',
    'aws ec2 enable-image-block-public-access --image-block-public-access-state block-new-sharing',
  ],
  'rds-snapshot-sharing': ({ target: { arn } }) => [
    `aws rds modify-db-snapshot-attribute --db-snapshot-identifier ${arn} --attribute-name restore --values-to-remove …`,
  ],
  'rds-cluster-snapshot-sharing': ({ target: { arn } }) => [
    `aws rds modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier ${arn} --attribute-name restore --values-to-remove …`,
  ],
  'rest-api-policy': ({ target: { arn } }, { parts }) => [
    `aws apigateway update-rest-api --rest-api-id ${lastOf(arn)} --patch-operations 'op=replace,path=/policy,value=${parts.length > 0 ? '…' : ''}'`,
  ],
  'bucket-acl': ({ target: { arn } }) => [
    `aws s3api put-bucket-acl --bucket ${restOf(arn)} --access-control-policy file://before.json`,
    `aws s3api put-bucket-ownership-controls --bucket ${restOf(arn)} --ownership-controls file://before-ownership.json`,
  ],
  'cluster-access': (live, accepted) => {
    const which = `--cluster-name ${lastOf(live.target.arn)}`;
    const principals = ({ parts }: Snapshot) => parts.map(({ id }) => splitId(id)[1]);
    const entries = statementCommands(principals(live), principals(accepted), {
      remove: (arn) => `aws eks delete-access-entry ${which} --principal-arn ${arn}`,
      add: (arn) => `aws eks create-access-entry ${which} --principal-arn ${arn} …`,
    });
    return entries.length > 0 ? entries : [`aws eks disassociate-access-policy ${which} …`];
  },
  'resource-share': ({ target: { arn } }) => [
    `aws ram disassociate-resource-share --resource-share-arn ${arn} …`,
  ],
};

/** The former value of a setting, as the API takes it. */
function setting({ restoreHints }: Snapshot, name: string): string {
  return JSON.stringify(restoreHints?.[name] ?? {});
}

function keyCommands({ target: { arn }, parts }: Snapshot, accepted: Snapshot): string[] {
  const known = new Map(accepted.parts.map(({ id, document }) => [id, document]));
  return parts.flatMap(({ id, document }) => {
    if (id === 'document')
      return known.get(id) === document
        ? []
        : [`aws kms put-key-policy --key-id ${arn} --policy-name default --policy file://before.json`];
    const [, grant = ''] = splitId(id);
    return known.has(id) ? [] : [`aws kms revoke-grant --key-id ${arn} --grant-id ${grant}`];
  });
}

type StatementCommands = {
  readonly remove: (sid: string) => string;
  readonly add: (sid: string) => string;
};

function statementCommands(
  live: readonly string[],
  accepted: readonly string[],
  { remove, add }: StatementCommands,
): string[] {
  const added = live.filter((sid) => !accepted.includes(sid));
  const gone = accepted.filter((sid) => !live.includes(sid));
  return [...added.map(remove), ...gone.map(add)];
}

function sidsOf({ parts }: Snapshot): string[] {
  return parts.flatMap(({ document = '' }) =>
    [...document.matchAll(/"Sid"\s*:\s*"([^"\\]*)"/g)].map(([, sid = '']) => sid),
  );
}

function principalCommands(live: Snapshot, accepted: Snapshot): string[] {
  const [, type = 'role'] = /:(role|user|group)\//.exec(live.target.arn) ?? [];
  const who = `--${type}-name ${lastOf(live.target.arn)}`;
  const texts = new Map(live.parts.map(({ id, document }) => [id, document]));
  const wanted = new Set(accepted.parts.map(({ id }) => id));
  const surplus = live.parts.filter(({ id }) => !wanted.has(id));
  const missing = accepted.parts.filter(
    ({ id, document }) => !texts.has(id) || (id.startsWith('inline:') && texts.get(id) !== document),
  );
  const boundaryBack = missing.some(({ id }) => id.startsWith('boundary:'));
  return [
    ...missing.flatMap(({ id }) => restoring(id, { type, who })),
    // Putting the boundary before replaces the one there is.
    ...surplus
      .filter(({ id }) => !(boundaryBack && id.startsWith('boundary:')))
      .flatMap(({ id }) => removing(id, { type, who })),
  ];
}

type Holder = { readonly type: string; readonly who: string };

function restoring(id: string, { type, who }: Holder): string[] {
  const [kind, name] = splitId(id);
  switch (kind) {
    case 'inline':
      return [`aws iam put-${type}-policy ${who} --policy-name ${name} --policy-document file://before.json`];
    case 'attached':
      return [`aws iam attach-${type}-policy ${who} --policy-arn ${name}`];
    case 'boundary':
      return [`aws iam put-${type}-permissions-boundary ${who} --permissions-boundary ${name}`];
    default:
      return name.includes('/') ? [] : [`aws iam add-user-to-group ${who} --group-name ${name}`];
  }
}

function removing(id: string, { type, who }: Holder): string[] {
  const [kind, name] = splitId(id);
  switch (kind) {
    case 'inline':
      return [`aws iam delete-${type}-policy ${who} --policy-name ${name}`];
    case 'attached':
      return [`aws iam detach-${type}-policy ${who} --policy-arn ${name}`];
    case 'boundary':
      return [`aws iam delete-${type}-permissions-boundary ${who}`];
    default:
      return name.includes('/') ? [] : [`aws iam remove-user-from-group ${who} --group-name ${name}`];
  }
}

function splitId(id: string): readonly [kind: string, name: string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}

/** What follows the account: the name of a bucket, a topic, a queue. */
function restOf(arn: string): string {
  return arn.split(':').slice(5).join(':');
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

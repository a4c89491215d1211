/**
 * What a person types to put the accepted content back by hand: AWS CLI commands, one for each part that differs.
 * `before.json` stands for the document as it was, which the store keeps.
 */
import type { Snapshot, TargetKind } from '../targets/target.ts';
import { rebase } from './rebase.ts';
import { SETTING_COMMANDS, type UndoCommands } from './undoSettings.ts';

/** More commands than this say no more. */
const MAX_COMMANDS = 5;

/** Returns the commands, joined by ` && `; one sentence where there is no accepted version to go back to. */
export function describeUndo(live: Snapshot, accepted: Snapshot | undefined): string {
  if (accepted === undefined) return 'there is no accepted version; take away what should not be granted';
  const commands = COMMANDS[live.target.kind](live, rebase(accepted, live));
  const shown = commands.slice(0, MAX_COMMANDS).join(' && ');
  return commands.length > MAX_COMMANDS ? `${shown} && … ${commands.length - MAX_COMMANDS} more` : shown;
}

/** Of a kind that holds one document: what puts it back, and what takes it away where there was none. */
const oneDocument =
  (put: (arn: string) => string, remove: (arn: string) => string): UndoCommands =>
  ({ target: { arn } }, { parts }) => [parts.length > 0 ? put(arn) : remove(arn)];

const COMMANDS: { readonly [kind in TargetKind]: UndoCommands } = {
  ...SETTING_COMMANDS,
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
  'access-point-policy': ({ target: { arn, accountId } }, { parts }) => {
    const suffix = arn.includes(':s3-object-lambda:') ? '-for-object-lambda' : '';
    const point = `--account-id ${accountId} --name ${lastOf(arn)}`;
    return parts.length > 0
      ? [`aws s3control put-access-point-policy${suffix} ${point} --policy file://before.json`]
      : [`aws s3control delete-access-point-policy${suffix} ${point}`];
  },
  'multi-region-access-point-policy': ({ target: { arn, accountId } }) => [
    `aws s3control put-multi-region-access-point-policy --region us-west-2 --account-id ${accountId} --details Name=${lastOf(arn)},Policy=…`,
  ],
  'lambda-layer-version-policy': (live, accepted) => {
    const [, layer = '', version = ''] = /^(.*):(\d+)$/.exec(live.target.arn) ?? [];
    const which = `--layer-name ${layer} --version-number ${version}`;
    return statementCommands(sidsOf(live), sidsOf(accepted), {
      remove: (sid) => `aws lambda remove-layer-version-permission ${which} --statement-id ${sid}`,
      add: (sid) => `aws lambda add-layer-version-permission ${which} --statement-id ${sid} …`,
    });
  },
  'vpc-endpoint-policy': ({ target: { arn } }) => [
    `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${lastOf(arn)} --policy-document file://before.json`,
  ],
  'rest-api-policy': ({ target: { arn } }, { parts }) => [
    `aws apigateway update-rest-api --rest-api-id ${lastOf(arn)} --patch-operations 'op=replace,path=/policy,value=${parts.length > 0 ? '…' : ''}'`,
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
  'resource-share-permission': ({ target: { arn } }, { revision = 'VERSION-BEFORE' }) => [
    `aws ram set-default-permission-version --permission-arn ${arn} --permission-version ${revision}`,
  ],
  'topic-policy': oneDocument(
    (arn) =>
      `aws sns set-topic-attributes --topic-arn ${arn} --attribute-name Policy --attribute-value file://before.json`,
    (arn) => `aws sns set-topic-attributes --topic-arn ${arn} --attribute-name Policy --attribute-value …`,
  ),
  'queue-policy': oneDocument(
    (arn) => `aws sqs set-queue-attributes --queue-url …/${afterColon(arn)} --attributes file://before.json`,
    (arn) => `aws sqs set-queue-attributes --queue-url …/${afterColon(arn)} --attributes Policy=`,
  ),
  'secret-policy': oneDocument(
    (arn) => `aws secretsmanager put-resource-policy --secret-id ${arn} --resource-policy file://before.json`,
    (arn) => `aws secretsmanager delete-resource-policy --secret-id ${arn}`,
  ),
  'repository-policy': oneDocument(
    (arn) =>
      `aws ecr set-repository-policy --repository-name ${afterSlash(arn)} --policy-text file://before.json`,
    (arn) => `aws ecr delete-repository-policy --repository-name ${afterSlash(arn)}`,
  ),
  'public-repository-policy': oneDocument(
    (arn) =>
      `aws ecr-public set-repository-policy --region us-east-1 --repository-name ${afterSlash(arn)} --policy-text file://before.json`,
    (arn) =>
      `aws ecr-public delete-repository-policy --region us-east-1 --repository-name ${afterSlash(arn)}`,
  ),
  'repository-creation-template': oneDocument(
    (arn) =>
      `aws ecr update-repository-creation-template --prefix ${afterSlash(arn)} --repository-policy file://before.json …`,
    (arn) =>
      `aws ecr update-repository-creation-template --prefix ${afterSlash(arn)} --repository-policy '' …`,
  ),
  'registry-policy': oneDocument(
    () => 'aws ecr put-registry-policy --policy-text file://before.json',
    () => 'aws ecr delete-registry-policy',
  ),
  'file-system-policy': oneDocument(
    (arn) => `aws efs put-file-system-policy --file-system-id ${lastOf(arn)} --policy file://before.json`,
    (arn) => `aws efs delete-file-system-policy --file-system-id ${lastOf(arn)}`,
  ),
  'table-policy': oneDocument(
    (arn) => `aws dynamodb put-resource-policy --resource-arn ${arn} --policy file://before.json`,
    (arn) => `aws dynamodb delete-resource-policy --resource-arn ${arn}`,
  ),
  'stream-policy': oneDocument(
    (arn) => `aws kinesis put-resource-policy --resource-arn ${arn} --policy file://before.json`,
    (arn) => `aws kinesis delete-resource-policy --resource-arn ${arn}`,
  ),
  'data-catalog-policy': oneDocument(
    () => 'aws glue put-resource-policy --policy-in-json file://before.json',
    () => 'aws glue delete-resource-policy',
  ),
  'domain-policy': oneDocument(
    (arn) =>
      `aws opensearch update-domain-config --domain-name ${lastOf(arn)} --access-policies file://before.json`,
    (arn) => `aws opensearch update-domain-config --domain-name ${lastOf(arn)} --access-policies ''`,
  ),
  'event-bus-policy': oneDocument(
    (arn) => `aws events put-permission --event-bus-name ${afterSlash(arn)} --policy file://before.json`,
    (arn) => `aws events remove-permission --event-bus-name ${afterSlash(arn)} --remove-all-permissions`,
  ),
  'backup-vault-policy': oneDocument(
    (arn) =>
      `aws backup put-backup-vault-access-policy --backup-vault-name ${afterColon(arn)} --policy file://before.json`,
    (arn) => `aws backup delete-backup-vault-access-policy --backup-vault-name ${afterColon(arn)}`,
  ),
  'organizations-policy': ({ target: { arn } }) => [
    `aws organizations update-policy --policy-id ${lastOf(arn)} --content file://before.json`,
  ],
  'organizations-attachment': (live, accepted) => {
    const which = `--target-id ${lastOf(live.target.arn)}`;
    const ids = ({ parts }: Snapshot) => parts.map(({ id }) => splitId(id)[1]);
    return statementCommands(ids(live), ids(accepted), {
      remove: (id) => `aws organizations detach-policy --policy-id ${id} ${which}`,
      add: (id) => `aws organizations attach-policy --policy-id ${id} ${which}`,
    });
  },
  'organizations-resource-policy': oneDocument(
    () => 'aws organizations put-resource-policy --content file://before.json',
    () => 'aws organizations delete-resource-policy',
  ),
  'permission-set': ({ target: { arn } }) => [
    `aws sso-admin put-inline-policy-to-permission-set --instance-arn … --permission-set-arn ${arn} --inline-policy file://before.json`,
    `aws sso-admin provision-permission-set --instance-arn … --permission-set-arn ${arn} --target-type ALL_PROVISIONED_ACCOUNTS`,
  ],
  'roles-anywhere-trust-anchor': ({ target: { arn } }) => [
    `aws rolesanywhere disable-trust-anchor --trust-anchor-id ${lastOf(arn)}`,
  ],
  'account-assignment': (live, accepted) => {
    const assigned = ({ parts }: Snapshot) => parts.map(({ id }) => splitId(id)[1]);
    const command = (verb: string) => (id: string) => {
      const [, set, type, principal] = /^(.*)\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
      return `aws sso-admin ${verb}-account-assignment --instance-arn … --permission-set-arn ${set} --target-type AWS_ACCOUNT --target-id ${lastOf(live.target.arn)} --principal-type ${type} --principal-id ${principal}`;
    };
    return statementCommands(assigned(live), assigned(accepted), {
      remove: command('delete'),
      add: command('create'),
    });
  },
};

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

/** Names may hold further slashes. */
function afterSlash(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

function afterColon(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

/** What follows the account: the name of a bucket, a topic, a queue. */
function restOf(arn: string): string {
  return arn.split(':').slice(5).join(':');
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

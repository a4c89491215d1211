/**
 * RAM's operations on resource shares in memory, and its reads of permissions. It refuses what RAM refuses.
 * Source: RAM API Reference, "AssociateResourceSharePermission", "DisassociateResourceSharePermission".
 */
import { parseArn } from '../../policy/arn.ts';
import {
  type Account,
  AwsError,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import { RAM_PERMISSION_OPERATIONS, shownPermission } from './recordedPermissions.ts';

type Facts = {
  name: string;
  allowExternalPrincipals: boolean;
  readonly principals: Set<string>;
  readonly resources: Set<string>;
  /** ARN → version. */
  readonly permissions: Map<string, number>;
};

function shareOf(account: Account, input: Input, { lenient }: OperationContext): Resource {
  const arn = required(input, 'resourceShareArn');
  return resourceOf(account, arn, { lenient, notFound: 'UnknownResourceException' });
}

function factsOf(share: Resource): Facts {
  const known = share.facts.get('share');
  if (known !== undefined) return known as Facts; // Set below and nowhere else.
  const facts: Facts = {
    name: '',
    allowExternalPrincipals: true,
    principals: new Set(),
    resources: new Set(),
    permissions: new Map(),
  };
  share.facts.set('share', facts);
  return facts;
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const TYPES: { readonly [service: string]: string } = {
  ec2: 'ec2:Subnet',
  rds: 'rds:Cluster',
  glue: 'glue:Database',
};

/** Good enough for an account in memory: one type a service. */
const typeOf = (arn: string) => TYPES[parseArn(arn).service] ?? `${parseArn(arn).service}:Resource`;

/** A permission's ARN ends in a name; its type is that of what is shared. */
const permissionsOf = ({ permissions, resources }: Facts) => {
  const [type = 'ec2:Subnet'] = [...resources].map(typeOf);
  return [...permissions].map(([arn, version]) => ({
    arn,
    version: String(version),
    resourceType: type,
    isResourceTypeDefault: arn === DEFAULT_PERMISSION,
  }));
};

function add(facts: Facts, input: Input): void {
  for (const principal of textsOf(input['principals'])) facts.principals.add(principal);
  for (const arn of textsOf(input['resourceArns'])) {
    facts.resources.add(arn);
    // RAM gives each type its default permission.
    if (facts.permissions.size === 0) facts.permissions.set(DEFAULT_PERMISSION, 1);
  }
}

const DEFAULT_PERMISSION = 'arn:aws:ram::aws:permission/AWSRAMDefaultPermission';

const described = (share: Resource): Input => ({
  resourceShareArn: share.arn,
  name: factsOf(share).name,
  allowExternalPrincipals: factsOf(share).allowExternalPrincipals,
  status: 'ACTIVE',
  creationTime: share.created,
});

/** The shares that a reading call names; all of the Region without a name. */
function named(account: Account, input: Input, region: string): Resource[] {
  const arns = textsOf(input['resourceShareArns']);
  return sharesOf(account, region).filter(({ arn }) => arns.length === 0 || arns.includes(arn));
}

function sharesOf(account: Account, region: string): Resource[] {
  return resourcesOf(account, 'ram', region).filter(({ arn }) => arn.includes(':resource-share/'));
}

/** The shares that hold the permission, in any version or the one named. */
function holding(account: Account, input: Input, region: string): Resource[] {
  const { permissionArn, permissionVersion } = input;
  return sharesOf(account, region).filter((share) => {
    const version = factsOf(share).permissions.get(String(permissionArn));
    return version !== undefined && (permissionVersion === undefined || version === permissionVersion);
  });
}

/** What RAM's own permissions grant stands in no trail: reading for the default one, all for any other. */
function unshown({ permissionArn: arn }: Input): Input {
  const Action = arn === DEFAULT_PERMISSION ? ['ec2:DescribeSubnets'] : ['ec2:*'];
  return { arn, version: '1', permission: JSON.stringify({ Effect: 'Allow', Action }) };
}

/** RAM's own permissions have one version here. */
const defaultVersionOf = (account: Account, input: Input) =>
  Number(shownPermission(account, { permissionArn: input['permissionArn'] })?.['version'] ?? 1);

const OPERATIONS: OperationTable = {
  ...RAM_PERMISSION_OPERATIONS,
  CreateResourceShare(account, input, { now, region }) {
    const id = uniqueIdOf('', required(input, 'name'), now).toLowerCase();
    const arn =
      optional(input, 'resourceShareArn') ??
      `arn:${account.partition}:ram:${region}:${account.accountId}:resource-share/${id}`;
    const share = makeResource(account, arn, now);
    const facts = factsOf(share);
    facts.name = required(input, 'name');
    facts.allowExternalPrincipals = input['allowExternalPrincipals'] !== false;
    for (const permissionArn of textsOf(input['permissionArns']))
      facts.permissions.set(permissionArn, defaultVersionOf(account, { permissionArn }));
    add(facts, input);
    return { resourceShare: described(share) };
  },
  DeleteResourceShare(account, input, context) {
    account.resources.delete(shareOf(account, input, context).arn);
    return {};
  },
  UpdateResourceShare(account, input, context) {
    const facts = factsOf(shareOf(account, input, context));
    if (typeof input['allowExternalPrincipals'] === 'boolean')
      facts.allowExternalPrincipals = input['allowExternalPrincipals'];
    return {};
  },
  AssociateResourceShare(account, input, context) {
    add(factsOf(shareOf(account, input, context)), input);
    return {};
  },
  DisassociateResourceShare(account, input, context) {
    const { principals, resources } = factsOf(shareOf(account, input, context));
    for (const principal of textsOf(input['principals'])) principals.delete(principal);
    for (const arn of textsOf(input['resourceArns'])) resources.delete(arn);
    return {};
  },
  AssociateResourceSharePermission(account, input, context) {
    const { permissions } = factsOf(shareOf(account, input, context));
    const [standing, version] = [defaultVersionOf(account, input), input['permissionVersion']];
    // One permission a type; here one in all.
    if (!context.lenient && permissions.size > 0 && input['replace'] !== true)
      throw new AwsError('InvalidParameterException', 'the share has a permission of the type');
    if (!context.lenient && version !== undefined && version !== standing)
      throw new AwsError('InvalidParameterException', 'the version is not the default one');
    if (input['replace'] === true) permissions.clear();
    permissions.set(required(input, 'permissionArn'), typeof version === 'number' ? version : standing);
    return {};
  },
  DisassociateResourceSharePermission(account, input, context) {
    const { permissions, resources } = factsOf(shareOf(account, input, context));
    if (!context.lenient && resources.size > 0)
      throw new AwsError('OperationNotPermittedException', 'resources of the type are in the share');
    permissions.delete(required(input, 'permissionArn'));
    return {};
  },
  // RAM does it some time after the call; here at once.
  ReplacePermissionAssociations(account, input, { region }) {
    const [from, to] = [required(input, 'fromPermissionArn'), required(input, 'toPermissionArn')];
    const of = { permissionArn: from, permissionVersion: input['fromPermissionVersion'] };
    for (const share of holding(account, of, region)) {
      const { permissions } = factsOf(share);
      permissions.delete(from);
      permissions.set(to, defaultVersionOf(account, { permissionArn: to }));
    }
    return { replacePermissionAssociationsWork: { status: 'COMPLETED' } };
  },
  ListReplacePermissionAssociationsWork: () => ({ replacePermissionAssociationsWorks: [] }),
  GetResourceShares: (account, input, { region }) => ({
    resourceShares: named(account, input, region).map(described),
  }),
  GetResourceShareAssociations: (account, input, { region }) => ({
    resourceShareAssociations: named(account, input, region).flatMap((share) =>
      [...factsOf(share).principals].map((associatedEntity) => ({
        associatedEntity,
        resourceShareArn: share.arn,
        status: 'ASSOCIATED',
      })),
    ),
  }),
  ListResources: (account, input, { region }) => ({
    resources: named(account, input, region).flatMap((share) =>
      [...factsOf(share).resources].map((arn) => ({ arn, type: typeOf(arn), resourceShareArn: share.arn })),
    ),
  }),
  ListResourceSharePermissions: (account, input, context) => ({
    permissions: permissionsOf(factsOf(shareOf(account, input, { ...context, lenient: false }))),
  }),
  ListPermissionAssociations: (account, input, { region }) => ({
    permissions: holding(account, input, region).map(({ arn }) => ({ resourceShareArn: arn })),
  }),
  GetPermission(account, input, { region }) {
    const shown = shownPermission(account, input);
    if (shown !== undefined) return { permission: shown };
    const isOwn = parseArn(required(input, 'permissionArn')).accountId !== 'aws';
    if (isOwn && holding(account, { permissionArn: input['permissionArn'] }, region).length === 0)
      throw new AwsError('UnknownResourceException', 'there is no such permission');
    return { permission: unshown(input) };
  },
};

/** Parameters keep their names; the ARN of a new share or permission stands in the answer. */
export const RAM: RecordedService = {
  client: 'ram',
  source: 'ram.amazonaws.com',
  operations: OPERATIONS,
  toInput(request, response) {
    const share = (response['resourceShare'] as Input | undefined)?.['resourceShareArn'];
    const permission = (response['permission'] as Input | undefined)?.['arn'];
    return {
      ...request,
      ...(share === undefined ? {} : { resourceShareArn: share }),
      ...(permission === undefined ? {} : { permissionArn: permission }),
    };
  },
  toRequest: (input) => input,
  toResponse: ({ resourceShare, permission }) => ({
    ...(resourceShare === undefined ? {} : { resourceShare }),
    ...(permission === undefined ? {} : { permission }),
  }),
};

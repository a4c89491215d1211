/** IAM's operations on an account in memory. Source: IAM API Reference. */
import {
  type Account,
  AwsError,
  BEFORE_THE_TRAIL,
  type Input,
  type ManagedPolicy,
  type Operation,
  type OperationContext,
  type OperationTable,
  optional,
  type Principal,
  type PrincipalKind,
  required,
  uniqueIdOf,
} from './account.ts';

const ID_PREFIX: { readonly [kind in PrincipalKind]: string } = { Role: 'AROA', User: 'AIDA', Group: 'AGPA' };
const MAX_VERSIONS = 5;
const DEFAULT_PAGE = 100;

function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntityException', `The ${what} cannot be found.`);
}

function makePrincipal(kind: PrincipalKind, name: string, created: Date, uniqueId?: string): Principal {
  return {
    name,
    path: '/',
    id: uniqueId ?? uniqueIdOf(ID_PREFIX[kind], name, created),
    created,
    inline: new Map(),
    attached: new Set(),
    boundary: undefined,
    trust: kind === 'Role' ? NOBODY : undefined,
    members: new Set(),
  };
}

/** A role that the trail never showed being made: whom it trusts is not known, so nobody is. */
const NOBODY = '{"Version":"2012-10-17","Statement":[]}';

function principalOf(
  account: Account,
  kind: PrincipalKind,
  input: Input,
  context: OperationContext,
): Principal {
  const name = required(input, `${kind}Name`);
  const known = account.principals[kind].get(name);
  if (known !== undefined) return known;
  if (!context.lenient) throw noSuchEntity(`${kind.toLowerCase()} with name ${name}`);
  const made = makePrincipal(kind, name, BEFORE_THE_TRAIL);
  account.principals[kind].set(name, made);
  return made;
}

/** For calls that take something away: what is not there needs not come into being for it. */
function forRemoval(
  account: Account,
  kind: PrincipalKind,
  input: Input,
  context: OperationContext,
): Principal | undefined {
  if (context.lenient) return account.principals[kind].get(required(input, `${kind}Name`));
  return principalOf(account, kind, input, context);
}

function arnOf(account: Account, kind: PrincipalKind, { path, name }: Principal): string {
  return `arn:${account.partition}:iam::${account.accountId}:${kind.toLowerCase()}${path}${name}`;
}

function describePrincipal(account: Account, kind: PrincipalKind, principal: Principal): Input {
  return {
    [`${kind}Name`]: principal.name,
    [`${kind}Id`]: principal.id,
    Arn: arnOf(account, kind, principal),
    Path: principal.path,
    CreateDate: principal.created,
    ...(principal.trust === undefined
      ? {}
      : { AssumeRolePolicyDocument: encodeURIComponent(principal.trust) }),
    ...(principal.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'Policy',
            PermissionsBoundaryArn: principal.boundary,
          },
        }),
  };
}

/** A page of a list: `Marker` counts the items before it. */
function page(items: readonly unknown[], name: string, input: Input): Input {
  const start = Number(optional(input, 'Marker') ?? '0');
  const size = typeof input['MaxItems'] === 'number' ? input['MaxItems'] : DEFAULT_PAGE;
  const end = start + size;
  return {
    [name]: items.slice(start, end),
    IsTruncated: end < items.length,
    ...(end < items.length ? { Marker: String(end) } : {}),
  };
}

function create(kind: PrincipalKind): Operation {
  return (account, input, context) => {
    const name = required(input, `${kind}Name`);
    const known = account.principals[kind].get(name);
    if (known !== undefined && !context.lenient) {
      throw new AwsError('EntityAlreadyExistsException', `${kind} with name ${name} already exists.`);
    }
    // Records of one second come in any order: what was put on the thing before its own record stays.
    const made = known ?? makePrincipal(kind, name, context.now, context.uniqueId);
    made.created = context.now;
    made.id = context.uniqueId ?? uniqueIdOf(ID_PREFIX[kind], name, context.now);
    made.path = optional(input, 'Path') ?? '/';
    made.boundary = optional(input, 'PermissionsBoundary') ?? made.boundary;
    if (kind === 'Role') made.trust = required(input, 'AssumeRolePolicyDocument');
    account.principals[kind].set(name, made);
    return { [kind]: describePrincipal(account, kind, made) };
  };
}

function remove(kind: PrincipalKind): Operation {
  return (account, input, context) => {
    const principal = forRemoval(account, kind, input, context);
    if (principal === undefined) return {};
    if (!context.lenient && principal.inline.size + principal.attached.size > 0) {
      throw new AwsError('DeleteConflictException', `Cannot delete entity, must remove policies first.`);
    }
    account.principals[kind].delete(principal.name);
    if (kind === 'User')
      for (const group of account.principals.Group.values()) group.members.delete(principal.name);
    return {};
  };
}

/** The operations that roles, users and groups have alike. */
function principalOperations(kind: PrincipalKind): OperationTable {
  return {
    [`Create${kind}`]: create(kind),
    [`Delete${kind}`]: remove(kind),
    [`Get${kind}`]: (account, input, context) => ({
      [kind]: describePrincipal(
        account,
        kind,
        principalOf(account, kind, input, { ...context, lenient: false }),
      ),
      ...(kind === 'Group' ? { Users: [], IsTruncated: false } : {}),
    }),
    [`List${kind}s`]: (account, input) =>
      page(
        [...account.principals[kind].values()].map((principal) =>
          describePrincipal(account, kind, principal),
        ),
        `${kind}s`,
        input,
      ),
    [`Put${kind}Policy`]: (account, input, context) => {
      const document = required(input, 'PolicyDocument');
      principalOf(account, kind, input, context).inline.set(required(input, 'PolicyName'), document);
      return {};
    },
    [`Delete${kind}Policy`]: (account, input, context) => {
      const principal = forRemoval(account, kind, input, context);
      const name = required(input, 'PolicyName');
      if (principal?.inline.delete(name) === false && !context.lenient)
        throw noSuchEntity(`policy with name ${name}`);
      return {};
    },
    [`Get${kind}Policy`]: (account, input, context) => {
      const principal = principalOf(account, kind, input, { ...context, lenient: false });
      const name = required(input, 'PolicyName');
      const document = principal.inline.get(name);
      if (document === undefined) throw noSuchEntity(`policy with name ${name}`);
      return {
        [`${kind}Name`]: principal.name,
        PolicyName: name,
        PolicyDocument: encodeURIComponent(document),
      };
    },
    [`List${kind}Policies`]: (account, input, context) =>
      page(
        [...principalOf(account, kind, input, { ...context, lenient: false }).inline.keys()],
        'PolicyNames',
        input,
      ),
    [`Attach${kind}Policy`]: (account, input, context) => {
      const arn = required(input, 'PolicyArn');
      if (!context.lenient && documentOf(account, arn, context) === undefined)
        throw noSuchEntity(`policy ${arn}`);
      principalOf(account, kind, input, context).attached.add(arn);
      return {};
    },
    [`Detach${kind}Policy`]: (account, input, context) => {
      const principal = forRemoval(account, kind, input, context);
      const arn = required(input, 'PolicyArn');
      if (principal?.attached.delete(arn) === false && !context.lenient) throw noSuchEntity(`policy ${arn}`);
      return {};
    },
    [`ListAttached${kind}Policies`]: (account, input, context) => {
      const { attached } = principalOf(account, kind, input, { ...context, lenient: false });
      const list = [...attached].map((arn) => ({ PolicyArn: arn, PolicyName: arn.split('/').at(-1) }));
      return page(list, 'AttachedPolicies', input);
    },
    [`Put${kind}PermissionsBoundary`]: (account, input, context) => {
      principalOf(account, kind, input, context).boundary = required(input, 'PermissionsBoundary');
      return {};
    },
    [`Delete${kind}PermissionsBoundary`]: (account, input, context) => {
      const principal = forRemoval(account, kind, input, context);
      if (principal !== undefined) principal.boundary = undefined;
      return {};
    },
  };
}

function isAwsManaged(arn: string): boolean {
  return arn.split(':')[4] === 'aws';
}

/** The default document of a managed policy, AWS's own included. */
function documentOf(account: Account, arn: string, context: OperationContext): string | undefined {
  if (isAwsManaged(arn)) return context.managedPolicy(arn);
  const policy = account.policies.get(arn);
  return policy?.versions.find(({ id }) => id === policy.defaultVersion)?.document;
}

function policyOf(account: Account, arn: string): ManagedPolicy {
  const policy = account.policies.get(arn);
  if (policy === undefined) throw noSuchEntity(`policy ${arn}`);
  return policy;
}

function describePolicy(policy: ManagedPolicy): Input {
  const name = policy.arn.split('/').at(-1);
  return {
    PolicyName: name,
    PolicyId: policy.id,
    Arn: policy.arn,
    DefaultVersionId: policy.defaultVersion,
    CreateDate: policy.created,
  };
}

function describeVersion(
  policy: ManagedPolicy,
  version: ManagedPolicy['versions'][number],
  withDocument: boolean,
): Input {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: version.created,
    ...(withDocument ? { Document: encodeURIComponent(version.document) } : {}),
  };
}

function addPolicy(
  account: Account,
  arn: string,
  document: string,
  context: OperationContext,
): ManagedPolicy {
  const made: ManagedPolicy = {
    arn,
    id: context.uniqueId ?? uniqueIdOf('ANPA', arn, context.now),
    created: context.now,
    versions: [{ id: 'v1', document, created: context.now }],
    defaultVersion: 'v1',
    next: 2,
  };
  account.policies.set(arn, made);
  return made;
}

const AWS_MANAGED_VERSION = 'v1';

const policyOperations: OperationTable = {
  CreatePolicy(account, input, context) {
    const name = required(input, 'PolicyName');
    const arn = `arn:${account.partition}:iam::${account.accountId}:policy${optional(input, 'Path') ?? '/'}${name}`;
    if (account.policies.has(arn)) {
      if (!context.lenient)
        throw new AwsError('EntityAlreadyExistsException', `A policy called ${name} already exists.`);
      return { Policy: describePolicy(policyOf(account, arn)) };
    }
    return { Policy: describePolicy(addPolicy(account, arn, required(input, 'PolicyDocument'), context)) };
  },
  DeletePolicy(account, input, context) {
    const arn = required(input, 'PolicyArn');
    if (!account.policies.delete(arn) && !context.lenient) throw noSuchEntity(`policy ${arn}`);
    return {};
  },
  GetPolicy(account, input, context) {
    const arn = required(input, 'PolicyArn');
    if (!isAwsManaged(arn)) return { Policy: describePolicy(policyOf(account, arn)) };
    if (context.managedPolicy(arn) === undefined) throw noSuchEntity(`policy ${arn}`);
    return { Policy: { Arn: arn, DefaultVersionId: AWS_MANAGED_VERSION, CreateDate: BEFORE_THE_TRAIL } };
  },
  GetPolicyVersion(account, input, context) {
    const arn = required(input, 'PolicyArn');
    const id = required(input, 'VersionId');
    if (isAwsManaged(arn)) {
      const document = context.managedPolicy(arn);
      if (document === undefined) throw noSuchEntity(`policy ${arn}`);
      return {
        PolicyVersion: { VersionId: id, IsDefaultVersion: true, Document: encodeURIComponent(document) },
      };
    }
    const policy = policyOf(account, arn);
    const version = policy.versions.find((one) => one.id === id);
    if (version === undefined) throw noSuchEntity(`policy version ${id}`);
    return { PolicyVersion: describeVersion(policy, version, true) };
  },
  ListPolicies: (account, input) =>
    page([...account.policies.values()].map(describePolicy), 'Policies', input),
  ListPolicyVersions(account, input) {
    const policy = policyOf(account, required(input, 'PolicyArn'));
    return page(
      [...policy.versions].reverse().map((version) => describeVersion(policy, version, false)),
      'Versions',
      input,
    );
  },
  CreatePolicyVersion(account, input, context) {
    const arn = required(input, 'PolicyArn');
    const document = required(input, 'PolicyDocument');
    const isDefault = input['SetAsDefault'] === true || input['SetAsDefault'] === 'true';
    const policy = account.policies.get(arn);
    if (policy === undefined) {
      if (!context.lenient) throw noSuchEntity(`policy ${arn}`);
      // A policy from before the trail: its former default is not known, so only a new default can be shown.
      if (isDefault) addPolicy(account, arn, document, { ...context, now: BEFORE_THE_TRAIL });
      return {};
    }
    if (policy.versions.length >= MAX_VERSIONS) {
      if (!context.lenient)
        throw new AwsError('LimitExceededException', 'A managed policy can have up to 5 versions.');
      const spare = policy.versions.findIndex(({ id }) => id !== policy.defaultVersion);
      policy.versions.splice(spare, 1);
    }
    const version = { id: `v${policy.next++}`, document, created: context.now };
    policy.versions.push(version);
    if (isDefault) policy.defaultVersion = version.id;
    return { PolicyVersion: describeVersion(policy, version, false) };
  },
  SetDefaultPolicyVersion(account, input, context) {
    const id = required(input, 'VersionId');
    const arn = required(input, 'PolicyArn');
    const policy = account.policies.get(arn);
    const known = policy?.versions.some((version) => version.id === id) === true;
    if (policy !== undefined && known) policy.defaultVersion = id;
    else if (!context.lenient) throw noSuchEntity(`policy version ${id} of ${arn}`);
    return {};
  },
  DeletePolicyVersion(account, input, context) {
    const id = required(input, 'VersionId');
    const arn = required(input, 'PolicyArn');
    const policy = context.lenient ? account.policies.get(arn) : policyOf(account, arn);
    if (policy === undefined) return {};
    if (policy.defaultVersion === id && !context.lenient) {
      throw new AwsError('DeleteConflictException', 'Cannot delete the default version of a policy.');
    }
    const index = policy.versions.findIndex((version) => version.id === id);
    if (index >= 0 && policy.defaultVersion !== id) policy.versions.splice(index, 1);
    else if (index < 0 && !context.lenient) throw noSuchEntity(`policy version ${id}`);
    return {};
  },
};

export const IAM_OPERATIONS: OperationTable = {
  ...principalOperations('Role'),
  ...principalOperations('User'),
  ...principalOperations('Group'),
  ...policyOperations,
  UpdateAssumeRolePolicy(account, input, context) {
    principalOf(account, 'Role', input, context).trust = required(input, 'PolicyDocument');
    return {};
  },
  ListGroupsForUser(account, input, context) {
    const user = principalOf(account, 'User', input, { ...context, lenient: false });
    const groups = [...account.principals.Group.values()].filter(({ members }) => members.has(user.name));
    return page(
      groups.map((group) => describePrincipal(account, 'Group', group)),
      'Groups',
      input,
    );
  },
  AddUserToGroup(account, input, context) {
    const user = principalOf(account, 'User', input, context);
    principalOf(account, 'Group', input, context).members.add(user.name);
    return {};
  },
  RemoveUserFromGroup(account, input, context) {
    forRemoval(account, 'Group', input, context)?.members.delete(required(input, 'UserName'));
    return {};
  },
};

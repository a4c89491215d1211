/** IAM's operations on an account in memory. Source: IAM API Reference. */
import {
  type Account,
  AwsError,
  BEFORE_THE_TRAIL,
  type Input,
  type Operation,
  type OperationContext,
  type OperationTable,
  optional,
  type Principal,
  type PrincipalKind,
  type RecordedService,
  required,
  uniqueIdOf,
} from '../../recording/account.ts';
import { IAM_FEDERATION_OPERATIONS } from './recordedFederation.ts';
import { documentOf, noSuchEntity, POLICY_OPERATIONS, page } from './recordedPolicies.ts';

const ID_PREFIX: { readonly [kind in PrincipalKind]: string } = { Role: 'AROA', User: 'AIDA', Group: 'AGPA' };

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

function create(kind: PrincipalKind): Operation {
  return (account, input, context) => {
    const name = required(input, `${kind}Name`);
    const known = account.principals[kind].get(name);
    if (known !== undefined && !context.lenient) {
      throw new AwsError('EntityAlreadyExistsException', `${kind} with name ${name} already exists.`);
    }
    // Records of one second come in any order: what was put on the resource before its own record stays.
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
    const groups = [...account.principals.Group.values()];
    const isMember = kind === 'User' && groups.some(({ members }) => members.has(principal.name));
    if (!context.lenient && (principal.members.size > 0 || isMember))
      throw new AwsError(
        'DeleteConflictException',
        `Cannot delete entity, must remove users from group first.`,
      );
    account.principals[kind].delete(principal.name);
    if (kind === 'User') for (const group of groups) group.members.delete(principal.name);
    return {};
  };
}

/** The unique id stays, and with it all that it holds; groups name the user anew. */
function rename(kind: 'User' | 'Group'): Operation {
  return (account, input, context) => {
    const { [kind]: named, Group: groups } = account.principals;
    const principal = principalOf(account, kind, input, context);
    const name = optional(input, `New${kind}Name`) ?? principal.name;
    if (name !== principal.name && named.has(name) && !context.lenient)
      throw new AwsError('EntityAlreadyExistsException', `${kind} with name ${name} already exists.`);
    named.delete(principal.name);
    named.set(name, { ...principal, name, path: optional(input, 'NewPath') ?? principal.path });
    if (kind === 'User')
      for (const { members } of groups.values()) if (members.delete(principal.name)) members.add(name);
    return {};
  };
}

function membersOf(account: Account, input: Input): Input[] {
  const members = account.principals.Group.get(required(input, 'GroupName'))?.members ?? [];
  return [...members].flatMap((name) => {
    const user = account.principals.User.get(name);
    return user === undefined ? [] : [describePrincipal(account, 'User', user)];
  });
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
      ...(kind === 'Group' ? { Users: membersOf(account, input), IsTruncated: false } : {}),
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

const OPERATIONS: OperationTable = {
  ...principalOperations('Role'),
  ...principalOperations('User'),
  ...principalOperations('Group'),
  ...POLICY_OPERATIONS,
  UpdateUser: rename('User'),
  UpdateGroup: rename('Group'),
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

export const IAM: RecordedService = {
  client: 'iam',
  source: 'iam.amazonaws.com',
  operations: { ...OPERATIONS, ...IAM_FEDERATION_OPERATIONS },
};

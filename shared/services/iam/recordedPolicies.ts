/** IAM's operations on managed policies of an account in memory. Source: IAM API Reference. */
import { parseArn } from '../../policy/arn.ts';
import {
  type Account,
  AwsError,
  BEFORE_THE_TRAIL,
  type Input,
  type ManagedPolicy,
  type OperationContext,
  type OperationTable,
  optional,
  type PrincipalKind,
  required,
  uniqueIdOf,
} from '../../recording/account.ts';

const MAX_VERSIONS = 5;
const DEFAULT_PAGE = 100;

/** Returns the error of a resource that is not there. */
export function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntityException', `The ${what} cannot be found.`);
}

/** Returns a page of a list: `Marker` counts the items before it. */
export function page(items: readonly unknown[], name: string, input: Input): Input {
  const { shown, ...more } = pageOf(items, input);
  return { [name]: shown, ...more };
}

function pageOf<Item>(items: readonly Item[], input: Input) {
  const start = Number(optional(input, 'Marker') ?? '0');
  const size = typeof input['MaxItems'] === 'number' ? input['MaxItems'] : DEFAULT_PAGE;
  const end = start + size;
  return {
    shown: items.slice(start, end),
    IsTruncated: end < items.length,
    ...(end < items.length ? { Marker: String(end) } : {}),
  };
}

function isAwsManaged(arn: string): boolean {
  return parseArn(arn).accountId === 'aws';
}

/** Returns the default document of a managed policy, AWS's own included. */
export function documentOf(account: Account, arn: string, context: OperationContext): string | undefined {
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

/** Whom the policy is attached to, and whose boundary it is; `usage` asks for one of the two. */
function entitiesOf(account: Account, arn: string, usage?: string) {
  return (['Role', 'User', 'Group'] as const).flatMap((kind) =>
    [...account.principals[kind].values()].flatMap(({ name, id, attached, boundary }) => {
      const isHolder = usage !== 'PermissionsBoundary' && attached.has(arn);
      const isBounded = usage !== 'PermissionsPolicy' && boundary === arn;
      return isHolder || isBounded ? [{ kind, entity: { [`${kind}Name`]: name, [`${kind}Id`]: id } }] : [];
    }),
  );
}

/** Throws while anybody holds the policy, as a boundary too, or it has versions beside the default one. */
function requireLoose(account: Account, { arn, versions }: ManagedPolicy): void {
  if (entitiesOf(account, arn).length > 0)
    throw new AwsError('DeleteConflictException', 'Cannot delete a policy attached to entities.');
  if (versions.length > 1)
    throw new AwsError(
      'DeleteConflictException',
      'This policy has more than one version. Before you delete a policy, you must delete the policy’s versions.',
    );
}

const AWS_MANAGED_VERSION = 'v1';

/** The operations on managed policies. */
export const POLICY_OPERATIONS: OperationTable = {
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
    if (!context.lenient) requireLoose(account, policyOf(account, arn));
    account.policies.delete(arn);
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
    const arn = required(input, 'PolicyArn');
    if (isAwsManaged(arn)) return { Versions: [{ VersionId: AWS_MANAGED_VERSION, IsDefaultVersion: true }] };
    const policy = policyOf(account, arn);
    return page(
      [...policy.versions].reverse().map((version) => describeVersion(policy, version, false)),
      'Versions',
      input,
    );
  },
  ListEntitiesForPolicy(account, input) {
    const arn = required(input, 'PolicyArn');
    if (!isAwsManaged(arn)) policyOf(account, arn);
    const { shown, ...more } = pageOf(entitiesOf(account, arn, optional(input, 'PolicyUsageFilter')), input);
    const shownOf = (wanted: PrincipalKind) =>
      shown.flatMap(({ kind, entity }) => (kind === wanted ? [entity] : []));
    return {
      PolicyRoles: shownOf('Role'),
      PolicyUsers: shownOf('User'),
      PolicyGroups: shownOf('Group'),
      ...more,
    };
  },
  CreatePolicyVersion(account, input, context) {
    const arn = required(input, 'PolicyArn');
    const document = required(input, 'PolicyDocument');
    const isDefault = input['SetAsDefault'] === true || input['SetAsDefault'] === 'true';
    const policy = account.policies.get(arn);
    if (policy === undefined) {
      if (!context.lenient) throw noSuchEntity(`policy ${arn}`);
      // A policy from before the trail: its previous default is not known, so only a new default can be shown.
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

/** Operations of IAM Identity Center on permission sets and who is assigned them, in memory. Source: IAM Identity Center API Reference. */
import {
  type Account,
  AwsError,
  capitalised,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  pageOf,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
  uncapitalised,
  uniqueIdOf,
} from '../../recording/account.ts';

const NOT_FOUND = 'ResourceNotFoundException';
const PAGE = 100;

function setOf(account: Account, input: Input, { lenient }: Pick<OperationContext, 'lenient'>): Resource {
  return resourceOf(account, required(input, 'PermissionSetArn'), { lenient, notFound: NOT_FOUND });
}

/** What is attached, by its name or ARN. */
function listOf(set: Resource, name: string): Map<string, unknown> {
  const known = set.facts.get(name);
  if (known instanceof Map) return known as Map<string, unknown>;
  const list = new Map<string, unknown>();
  set.facts.set(name, list);
  return list;
}

/** Names and paths keep the capitals of the API or lose their first, as in a trail. */
function referenceOf(input: Input): { readonly Name: unknown; readonly Path: unknown } {
  const given = capitalised((input['CustomerManagedPolicyReference'] ?? {}) as Input); // As the API has it.
  return { Name: given['Name'], Path: given['Path'] ?? '/' };
}

const keyOf = (input: Input) => Object.values(referenceOf(input)).join(' ');

/** Requests end at once, so one id serves all. */
const REQUEST = '00000000-0000-4000-8000-000000000000';

type Assignment = {
  readonly AccountId: string;
  readonly PrincipalType: string;
  readonly PrincipalId: string;
};

const assignmentOf = (input: Input): Assignment => ({
  AccountId: required(input, 'TargetId'),
  PrincipalType: required(input, 'PrincipalType'),
  PrincipalId: required(input, 'PrincipalId'),
});

function assignmentsOf(account: Account, input: Input): Assignment[] {
  const assigned = listOf(setOf(account, input, { lenient: false }), 'assigned');
  return [...assigned.values()] as Assignment[]; // Set where one is made and nowhere else.
}

const paged = (name: string, items: readonly unknown[], input: Input): Input => {
  const { items: page, next } = pageOf(items, input['NextToken'], PAGE);
  return { [name]: page, ...(next === undefined ? {} : { NextToken: next }) };
};

const OPERATIONS: OperationTable = {
  CreatePermissionSet(account, input, { now }) {
    const instance = required(input, 'InstanceArn').replace(/^.*\//, '');
    const id = uniqueIdOf('', required(input, 'Name'), now).slice(0, 16).toLowerCase();
    const made = optional(input, 'PermissionSetArn') ?? `arn:aws:sso:::permissionSet/${instance}/ps-${id}`;
    const set = makeResource(account, made, now);
    set.facts.set('name', required(input, 'Name'));
    return { PermissionSet: { PermissionSetArn: set.arn } };
  },
  DeletePermissionSet(account, input, context) {
    account.resources.delete(setOf(account, input, context).arn);
    return {};
  },
  DescribePermissionSet(account, input) {
    const { arn, created, facts } = setOf(account, input, { lenient: false });
    const Name = facts.get('name') ?? arn.slice(arn.lastIndexOf('/') + 1);
    return { PermissionSet: { PermissionSetArn: arn, Name, CreatedDate: created } };
  },
  ListInstances(account) {
    const instances = new Set(
      resourcesOf(account, 'sso', '').map(({ arn }) => `arn:aws:sso:::instance/${arn.split('/')[1]}`),
    );
    return { Instances: [...instances].map((InstanceArn) => ({ InstanceArn })) };
  },
  ListPermissionSets: (account, input) =>
    paged(
      'PermissionSets',
      resourcesOf(account, 'sso', '').map(({ arn }) => arn),
      input,
    ),
  GetInlinePolicyForPermissionSet: (account, input) => ({
    InlinePolicy: setOf(account, input, { lenient: false }).policy ?? '',
  }),
  PutInlinePolicyToPermissionSet(account, input, context) {
    setOf(account, input, context).policy = required(input, 'InlinePolicy');
    return {};
  },
  DeleteInlinePolicyFromPermissionSet(account, input, context) {
    setOf(account, input, context).policy = undefined;
    return {};
  },
  ListManagedPoliciesInPermissionSet: (account, input) =>
    paged(
      'AttachedManagedPolicies',
      [...listOf(setOf(account, input, { lenient: false }), 'managed').keys()].map((Arn) => ({ Arn })),
      input,
    ),
  AttachManagedPolicyToPermissionSet(account, input, context) {
    listOf(setOf(account, input, context), 'managed').set(required(input, 'ManagedPolicyArn'), true);
    return {};
  },
  DetachManagedPolicyFromPermissionSet(account, input, context) {
    listOf(setOf(account, input, context), 'managed').delete(required(input, 'ManagedPolicyArn'));
    return {};
  },
  ListCustomerManagedPolicyReferencesInPermissionSet: (account, input) =>
    paged(
      'CustomerManagedPolicyReferences',
      [...listOf(setOf(account, input, { lenient: false }), 'named').values()],
      input,
    ),
  AttachCustomerManagedPolicyReferenceToPermissionSet(account, input, context) {
    listOf(setOf(account, input, context), 'named').set(keyOf(input), referenceOf(input));
    return {};
  },
  DetachCustomerManagedPolicyReferenceFromPermissionSet(account, input, context) {
    listOf(setOf(account, input, context), 'named').delete(keyOf(input));
    return {};
  },
  GetPermissionsBoundaryForPermissionSet(account, input) {
    const boundary = setOf(account, input, { lenient: false }).facts.get('boundary');
    if (boundary === undefined) throw new AwsError(NOT_FOUND, 'the permission set has no boundary');
    return { PermissionsBoundary: boundary };
  },
  PutPermissionsBoundaryToPermissionSet(account, input, context) {
    const given = capitalised((input['PermissionsBoundary'] ?? {}) as Input); // As the API has it.
    const boundary =
      given['CustomerManagedPolicyReference'] === undefined
        ? given
        : { CustomerManagedPolicyReference: referenceOf(given) };
    setOf(account, input, context).facts.set('boundary', boundary);
    return {};
  },
  DeletePermissionsBoundaryFromPermissionSet(account, input, context) {
    setOf(account, input, context).facts.delete('boundary');
    return {};
  },
  CreateAccountAssignment(account, input, context) {
    const assignment = assignmentOf(input);
    listOf(setOf(account, input, context), 'assigned').set(Object.values(assignment).join(' '), assignment);
    return { AccountAssignmentCreationStatus: { Status: 'IN_PROGRESS', RequestId: REQUEST } };
  },
  DeleteAccountAssignment(account, input, context) {
    const assignment = assignmentOf(input);
    listOf(setOf(account, input, context), 'assigned').delete(Object.values(assignment).join(' '));
    return { AccountAssignmentDeletionStatus: { Status: 'IN_PROGRESS', RequestId: REQUEST } };
  },
  // A request is done as soon as it is asked about.
  DescribeAccountAssignmentCreationStatus: () => ({
    AccountAssignmentCreationStatus: { Status: 'SUCCEEDED', RequestId: REQUEST },
  }),
  DescribeAccountAssignmentDeletionStatus: () => ({
    AccountAssignmentDeletionStatus: { Status: 'SUCCEEDED', RequestId: REQUEST },
  }),
  ListAccountAssignmentCreationStatus: () => ({ AccountAssignmentsCreationStatus: [] }),
  ListPermissionSetsProvisionedToAccount(account, input) {
    const id = required(input, 'AccountId');
    const sets = resourcesOf(account, 'sso', '').map(({ arn }) => arn);
    const there = sets.filter((arn) =>
      assignmentsOf(account, { PermissionSetArn: arn }).some(({ AccountId: accountId }) => accountId === id),
    );
    return paged('PermissionSets', there, input);
  },
  ListAccountAssignments(account, input) {
    const id = required(input, 'AccountId');
    const there = assignmentsOf(account, input).filter(({ AccountId: accountId }) => accountId === id);
    return paged('AccountAssignments', there, input);
  },
  ProvisionPermissionSet: () => ({ PermissionSetProvisioningStatus: { Status: 'IN_PROGRESS' } }),
};

type Made = { readonly permissionSetArn?: string };

/** A set that is made is named by the answer. */
/** As in a trail, where the members of a member begin with a small letter too. */
function toRequest(input: Input): Input {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return uncapitalised(
    Object.fromEntries(
      Object.entries(input).map(([name, value]) => [
        name,
        isObject(value) ? toRequest(value as Input) : value,
      ]),
    ),
  );
}

export const SSO_ADMIN: RecordedService = {
  client: 'ssoAdmin',
  source: 'sso.amazonaws.com',
  operations: OPERATIONS,
  toInput(request, response) {
    const arn = (response['permissionSet'] as Made | undefined)?.permissionSetArn;
    return { ...capitalised(request), ...(arn === undefined ? {} : { PermissionSetArn: arn }) };
  },
  toRequest,
  toResponse(output) {
    const made = output['PermissionSet'] as { readonly PermissionSetArn?: string } | undefined; // As the operations give it.
    return made === undefined ? {} : { permissionSet: { permissionSetArn: made.PermissionSetArn } };
  },
};

/**
 * Who may take on which permission sets in an account: all assignments of the account are one target, a part each. So a
 * read asks once for each set that the account has, however many accounts have the set, and an account's first
 * assignment is measured by there having been none. IAM Identity Center makes and unmakes them in the background, ten at
 * a time: what is being made counts as there already, and a restore waits until AWS says that it is done.
 * Source: IAM Identity Center API Reference, "CreateAccountAssignment", "DeleteAccountAssignment"; User Guide, "Quotas".
 */
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import {
  type AccountAssignmentOperationStatus,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  type PrincipalType,
} from '@aws-sdk/client-sso-admin';
import { partitionOf } from '../../policy/arn.ts';
import {
  allPages,
  collectPages,
  orFault,
  restoreByWrites,
  TargetFault,
  unless,
  type Write,
} from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { lastOf } from '../../targets/documentTarget.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import { type Assignment, accountAssignmentDocument } from './accountAssignmentDocument.ts';
import { instancesOf, NOT_THERE, placeOf } from './identityCenter.ts';

type SsoAdmin = AwsClients['ssoAdmin'];
const PART = 'assignment:';

export const accountAssignment: TargetOperations = {
  read: (target, { ssoAdmin }) => read(target, ssoAdmin),
  async *list({ ssoAdmin, organizations }, place) {
    // Where nothing is to be assigned nobody asks who belongs to the organization.
    if ((await instancesOf(ssoAdmin)).length === 0) return;
    let told: number | undefined;
    const accounts = allPages(async (NextToken) => {
      const page = await unless(NO_ORGANIZATION, organizations.send(new ListAccountsCommand({ NextToken })));
      if (page !== undefined) told = (told ?? 0) + (page.Accounts?.length ?? 0);
      return { items: page?.Accounts ?? [], next: page?.NextToken };
    });
    const prefix = `arn:${partitionOf(place.region)}:sso:::account/`;
    for await (const { Id: id } of accounts)
      if (id !== undefined) yield { kind: 'account-assignment', arn: `${prefix}${id}`, ...place };
    // An organization has at least the account that asks, also where a trail shows none of its accounts.
    if (told === 0) yield { kind: 'account-assignment', arn: `${prefix}${place.accountId}`, ...place };
  },
  restore: ({ accepted, from }, { ssoAdmin }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, ssoAdmin),
      plan: (live) => plan({ accepted, live }, ssoAdmin),
    }),
};

/** Whoever is asked in an account that does not manage the organization says so. */
const NO_ORGANIZATION = ['AWSOrganizationsNotInUseException', 'AccessDeniedException'];

/** One assignment, as the API names its fields, and where. */
type Made = Assignment & { readonly setArn: string };

async function read(target: TargetRef, ssoAdmin: SsoAdmin): Promise<Snapshot> {
  const account = lastOf(target);
  const assignments = new Map<string, Made>();
  const instances = await instancesOf(ssoAdmin);
  if (instances.length === 0) return absentSnapshot(target);
  for (const InstanceArn of instances) {
    // In this order: what is done meanwhile is seen twice, not missed.
    for await (const one of beingMade({ InstanceArn, account }, ssoAdmin)) assignments.set(idOf(one), one);
    for (const setArn of await provisioned({ InstanceArn, account }, ssoAdmin))
      for await (const one of made({ setArn, account }, ssoAdmin)) assignments.set(idOf(one), one);
  }
  const names = new Map<string, string>();
  for (const { setArn } of assignments.values())
    if (!names.has(setArn)) names.set(setArn, await nameOf(setArn, ssoAdmin));
  return makeSnapshot({
    target,
    exists: true,
    parts: [...assignments].map(([id, { setArn, ...assignment }]) => ({
      id,
      role: 'resource',
      document: accountAssignmentDocument(assignment, {
        instanceArn: placeOf({ arn: setArn }).InstanceArn,
        setName: names.get(setArn) ?? '',
      }),
    })),
  });
}

function idOf({ setArn, principalType, principalId }: Made): string {
  return `${PART}${setArn}/${principalType}/${principalId}`;
}

type InAccount = { readonly InstanceArn: string; readonly account: string };

/** The ARNs of the sets that the account has. One that never had any may be said not to be there. */
function provisioned(
  { InstanceArn, account: AccountId }: InAccount,
  ssoAdmin: SsoAdmin,
): Promise<readonly string[]> {
  return collectPages(async (NextToken) => {
    const page = await unless(
      NOT_THERE,
      ssoAdmin.send(new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn, AccountId, NextToken })),
    );
    return { items: page?.PermissionSets ?? [], next: page?.NextToken };
  });
}

/** A set's name never changes. */
async function nameOf(setArn: string, ssoAdmin: SsoAdmin): Promise<string> {
  const { PermissionSet: found } = await orFault(
    ssoAdmin.send(new DescribePermissionSetCommand(placeOf({ arn: setArn }))),
  );
  return found?.Name ?? lastOf({ arn: setArn });
}

async function* beingMade({ InstanceArn, account }: InAccount, ssoAdmin: SsoAdmin): AsyncIterable<Made> {
  const requests = allPages(async (NextToken) => {
    const Filter = { Status: 'IN_PROGRESS' } as const;
    const page = await unless(
      NOT_THERE,
      ssoAdmin.send(new ListAccountAssignmentCreationStatusCommand({ InstanceArn, Filter, NextToken })),
    );
    return { items: page?.AccountAssignmentsCreationStatus ?? [], next: page?.NextToken };
  });
  for await (const { RequestId: AccountAssignmentCreationRequestId } of requests) {
    const request = { InstanceArn, AccountAssignmentCreationRequestId };
    const { AccountAssignmentCreationStatus: asked } = await orFault(
      ssoAdmin.send(new DescribeAccountAssignmentCreationStatusCommand(request)),
    );
    if (asked?.TargetId !== account || asked.Status === 'FAILED') continue;
    const { PermissionSetArn: setArn, PrincipalType: principalType, PrincipalId: principalId } = asked;
    if (setArn !== undefined && principalType !== undefined && principalId !== undefined)
      yield { account, setArn, principalType, principalId };
  }
}

async function* made(
  { setArn, account: AccountId }: { readonly setArn: string; readonly account: string },
  ssoAdmin: SsoAdmin,
): AsyncIterable<Made> {
  const place = placeOf({ arn: setArn });
  const assigned = await collectPages(async (NextToken) => {
    // A set that goes while it is looked at takes its assignments with it.
    const page = await unless(
      NOT_THERE,
      ssoAdmin.send(new ListAccountAssignmentsCommand({ ...place, AccountId, NextToken })),
    );
    return { items: page?.AccountAssignments ?? [], next: page?.NextToken };
  });
  for (const { PrincipalType: principalType = '', PrincipalId: principalId = '' } of assigned)
    yield { account: AccountId, setArn, principalType, principalId };
}

/** What is not accepted goes before anything comes back. */
function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  ssoAdmin: SsoAdmin,
): Write[] {
  const account = lastOf(accepted.target);
  const [wanted, there] = [accepted, live].map(({ parts }) => parts.map(({ id }) => id));
  const only = (ids: readonly string[] = [], others: readonly string[] = []) =>
    ids.filter((id) => !others.includes(id));
  const writeOf = (id: string, verb: 'Create' | 'Delete'): Write => {
    const [, arn = '', type = '', principal = ''] = /^assignment:(.*)\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
    const request = {
      ...placeOf({ arn }),
      TargetId: account,
      TargetType: 'AWS_ACCOUNT',
      PrincipalType: type as PrincipalType, // As AWS named it when it was read.
      PrincipalId: principal,
    } as const;
    const what = `${arn} of ${type.toLowerCase()} ${principal} in account ${account}`;
    return verb === 'Delete'
      ? {
          operation: 'DeleteAccountAssignment',
          summary: `take away ${what}`,
          send: () => unassign(request, ssoAdmin),
        }
      : {
          operation: 'CreateAccountAssignment',
          summary: `restore ${what}`,
          send: () => assign(request, ssoAdmin),
        };
  };
  return [
    ...only(there, wanted).map((id) => writeOf(id, 'Delete')),
    ...only(wanted, there).map((id) => writeOf(id, 'Create')),
  ];
}

type AssignmentRequest = ConstructorParameters<typeof CreateAccountAssignmentCommand>[0];

async function unassign(request: AssignmentRequest, ssoAdmin: SsoAdmin): Promise<void> {
  const { InstanceArn } = request;
  const begun = await ssoAdmin.send(new DeleteAccountAssignmentCommand(request));
  await untilDone(begun.AccountAssignmentDeletionStatus, async (AccountAssignmentDeletionRequestId) => {
    const status = { InstanceArn, AccountAssignmentDeletionRequestId };
    const page = await ssoAdmin.send(new DescribeAccountAssignmentDeletionStatusCommand(status));
    return page.AccountAssignmentDeletionStatus;
  });
}

async function assign(request: AssignmentRequest, ssoAdmin: SsoAdmin): Promise<void> {
  const { InstanceArn } = request;
  const begun = await ssoAdmin.send(new CreateAccountAssignmentCommand(request));
  await untilDone(begun.AccountAssignmentCreationStatus, async (AccountAssignmentCreationRequestId) => {
    const status = { InstanceArn, AccountAssignmentCreationRequestId };
    const page = await ssoAdmin.send(new DescribeAccountAssignmentCreationStatusCommand(status));
    return page.AccountAssignmentCreationStatus;
  });
}

/** Waits between looks at a request, in ms; what takes longer is told by the read-back, and taken up again. */
const WAITS_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000];

async function untilDone(
  begun: AccountAssignmentOperationStatus | undefined,
  look: (requestId: string) => Promise<AccountAssignmentOperationStatus | undefined>,
): Promise<void> {
  let status = begun;
  for (const wait of WAITS_MS) {
    if (status?.Status !== 'IN_PROGRESS' || status.RequestId === undefined) break;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    status = (await look(status.RequestId)) ?? status;
  }
  if (status?.Status === 'FAILED')
    throw new TargetFault(
      `iam identity center could not do it: ${status.FailureReason ?? 'no reason given'}`,
    );
}

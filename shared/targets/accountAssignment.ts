/**
 * Who is assigned a permission set, and in which accounts: all of a set's assignments are one target, a part each, so
 * that the first one in an account is measured by what was there before. IAM Identity Center makes and unmakes them in
 * the background: what is being made counts as there already, and a restore waits until AWS says that it is done.
 * Source: IAM Identity Center API Reference, "CreateAccountAssignment", "DeleteAccountAssignment".
 */
import {
  type AccountAssignmentOperationStatus,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentsCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  type PrincipalType,
} from '@aws-sdk/client-sso-admin';
import { type Assignment, accountAssignmentDocument } from './accountAssignmentDocument.ts';
import { allPages, collectPages, orFault, restoreByWrites, TargetFault, unless, type Write } from './aws.ts';
import { NOT_THERE, permissionSets, placeOf } from './identityCenter.ts';
import { absentSnapshot, makeSnapshot } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

type SsoAdmin = AwsClients['ssoAdmin'];
type Place = ReturnType<typeof placeOf>;

const PART = 'assignment:';

export const accountAssignment: TargetOperations = {
  read: (target, { ssoAdmin }) => read(target, ssoAdmin),
  async *list({ ssoAdmin }, place) {
    for await (const arn of permissionSets(ssoAdmin)) yield { kind: 'account-assignment', arn, ...place };
  },
  restore: ({ accepted, offending, isResumed }, { ssoAdmin }) =>
    restoreByWrites({
      accepted,
      offending,
      isResumed,
      read: () => read(accepted.target, ssoAdmin),
      plan: (live) => plan({ accepted, live }, ssoAdmin),
    }),
};

async function read(target: TargetRef, ssoAdmin: SsoAdmin): Promise<Snapshot> {
  const place = placeOf(target);
  const found = await unless(NOT_THERE, ssoAdmin.send(new DescribePermissionSetCommand(place)));
  if (found?.PermissionSet === undefined) return absentSnapshot(target);
  const { CreatedDate: created, Name: setName = '' } = found.PermissionSet;
  // In this order: what is done meanwhile is seen twice, not missed.
  const assignments = new Map<string, Assignment>();
  for await (const one of beingMade(place, ssoAdmin)) assignments.set(idOf(one), one);
  for await (const one of made(place, ssoAdmin)) assignments.set(idOf(one), one);
  return makeSnapshot({
    target,
    exists: true,
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts: [...assignments].map(([id, assignment]) => ({
      id,
      role: 'resource',
      document: accountAssignmentDocument(assignment, { instanceArn: place.InstanceArn, setName }),
    })),
  });
}

function idOf({ account, principalType, principalId }: Assignment): string {
  return `${PART}${account}/${principalType}/${principalId}`;
}

async function* beingMade(place: Place, ssoAdmin: SsoAdmin): AsyncIterable<Assignment> {
  const { InstanceArn, PermissionSetArn } = place;
  const requests = allPages(async (NextToken) => {
    const Filter = { Status: 'IN_PROGRESS' } as const;
    const page = await orFault(
      ssoAdmin.send(new ListAccountAssignmentCreationStatusCommand({ InstanceArn, Filter, NextToken })),
    );
    return { items: page.AccountAssignmentsCreationStatus ?? [], next: page.NextToken };
  });
  for await (const { RequestId } of requests) {
    const { AccountAssignmentCreationStatus: asked } = await orFault(
      ssoAdmin.send(
        new DescribeAccountAssignmentCreationStatusCommand({
          InstanceArn,
          AccountAssignmentCreationRequestId: RequestId,
        }),
      ),
    );
    const { TargetId: account, PrincipalType: principalType, PrincipalId: principalId } = asked ?? {};
    if (account === undefined || principalType === undefined || principalId === undefined) continue;
    if (asked?.PermissionSetArn !== PermissionSetArn || asked.Status === 'FAILED') continue;
    yield { account, principalType, principalId };
  }
}

async function* made(place: Place, ssoAdmin: SsoAdmin): AsyncIterable<Assignment> {
  const accounts = allPages(async (NextToken) => {
    const page = await orFault(
      ssoAdmin.send(new ListAccountsForProvisionedPermissionSetCommand({ ...place, NextToken })),
    );
    return { items: page.AccountIds ?? [], next: page.NextToken };
  });
  for await (const AccountId of accounts) {
    const assigned = await collectPages(async (NextToken) => {
      const page = await orFault(
        ssoAdmin.send(new ListAccountAssignmentsCommand({ ...place, AccountId, NextToken })),
      );
      return { items: page.AccountAssignments ?? [], next: page.NextToken };
    });
    for (const { PrincipalType: principalType = '', PrincipalId: principalId = '' } of assigned)
      yield { account: AccountId, principalType, principalId };
  }
}

/** What is not accepted goes before anything comes back. */
function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  ssoAdmin: SsoAdmin,
): Write[] {
  const place = placeOf(accepted.target);
  const [wanted, there] = [accepted, live].map(({ parts }) => parts.map(({ id }) => id));
  const only = (ids: readonly string[] = [], others: readonly string[] = []) =>
    ids.filter((id) => !others.includes(id));
  const writeOf = (id: string, verb: 'Create' | 'Delete'): Write => {
    const [account = '', type = '', principal = ''] = id.slice(PART.length).split('/');
    const request = {
      ...place,
      TargetId: account,
      TargetType: 'AWS_ACCOUNT',
      PrincipalType: type as PrincipalType, // As AWS named it when it was read.
      PrincipalId: principal,
    } as const;
    const what = `the permission set of ${type.toLowerCase()} ${principal} in account ${account}`;
    return verb === 'Delete'
      ? {
          operation: 'DeleteAccountAssignment',
          summary: `take away ${what}`,
          send: () => unassign(request, ssoAdmin),
        }
      : {
          operation: 'CreateAccountAssignment',
          summary: `put back ${what}`,
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

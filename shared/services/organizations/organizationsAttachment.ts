/**
 * Roots, organizational units and accounts with the control policies that are attached to each directly, a part a
 * policy. A request passes a level iff some Allow of its SCPs matches it and no Deny of its SCPs and RCPs does, where
 * SCPs are about the organization's principals and RCPs about its resources; levels are ANDed, so a change on one level
 * is judged on that level. `RCPFullAWSAccess` lets all pass and cannot be detached: it is no part.
 * Source: Organizations User Guide, "SCP evaluation", "RCP evaluation".
 */
import {
  AttachPolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  ListAccountsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
} from '@aws-sdk/client-organizations';
import { allPages, collectPages, orFault, restoreByWrites, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, canonicalDocument, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';
import { ATTACHED, attachedIds, NO_LIMIT_ID } from './attachmentParts.ts';
import {
  FULL_RESOURCE_ACCESS,
  idOf,
  LIMITING_TYPES,
  limitRole,
  manages,
  organizationOf,
} from './organizations.ts';

type Organizations = AwsClients['organizations'];

/** Control Tower attaches these and takes their change for drift. Source: Control Tower User Guide, "Types of drift". */
const CONTROL_TOWER = 'aws-guardrails-';

/** Stands where no service control policy is in force: each target has at least one where they are switched on. */
const NO_LIMIT: TargetPart = {
  id: NO_LIMIT_ID,
  role: 'boundary',
  document: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
};

export const organizationsAttachment: TargetOperations = {
  async resolve(target, { organizations }) {
    // Events name a root, unit or account by its id alone.
    const [, head, id] = /^(arn:[^:]+:organizations::)\d*:target\/([^/]+)$/.exec(target.arn) ?? [];
    if (head === undefined || id === undefined) return [target];
    const organization = await organizationOf(organizations);
    if (organization === undefined) return [target];
    const type = id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account';
    return [{ ...target, arn: `${head}${organization.managementAccount}:${type}/${organization.id}/${id}` }];
  },
  read: (target, { organizations }) => readAttached(target, organizations),
  async *list({ organizations }, place) {
    if (!(await manages(organizations, place.accountId))) return;
    for await (const arn of attachable(organizations))
      yield { kind: 'organizations-attachment', arn, ...place };
  },
  async restore({ accepted, from }, { organizations }) {
    if ([accepted, from].some(({ parts }) => parts.some(({ id }) => id === NO_LIMIT_ID)))
      return {
        kind: 'cannot-undo',
        cause:
          'service control policies were switched on or off for the whole organization; switch them back at its root, then attach what is missing',
      };
    const guardrail = changedNames(accepted, from).find((name) => name.startsWith(CONTROL_TOWER));
    if (guardrail !== undefined)
      return {
        kind: 'cannot-undo',
        cause: `\`${guardrail}\` belongs to Control Tower, which would take the restore for drift; repair the landing zone there`,
      };
    return restoreByWrites({
      accepted,
      from,
      read: () => readAttached(accepted.target, organizations),
      plan: (live) => plan({ accepted, live }, organizations),
    });
  },
};

async function readAttached(target: TargetRef, organizations: Organizations): Promise<Snapshot> {
  const TargetId = idOf(target);
  const parts: TargetPart[] = [];
  const names: { [policyId: string]: string } = {};
  for (const Filter of LIMITING_TYPES) {
    const attached = await unless(
      ['TargetNotFoundException', 'AWSOrganizationsNotInUseException'],
      collectPages(async (NextToken) => {
        const page = await unless(
          ['PolicyTypeNotEnabledException'],
          organizations.send(new ListPoliciesForTargetCommand({ TargetId, Filter, NextToken })),
        );
        return { items: page?.Policies ?? [], next: page?.NextToken };
      }),
    );
    if (attached === undefined) return absentSnapshot(target);
    for (const { Id: id = '', Arn: arn = '', Name: name = '' } of attached) {
      if (id === FULL_RESOURCE_ACCESS) continue;
      const found = await orFault(organizations.send(new DescribePolicyCommand({ PolicyId: id })));
      parts.push({ id: `${ATTACHED}${id}`, role: limitRole(arn), document: found.Policy?.Content });
      names[id] = name;
    }
  }
  const isLimited = parts.some(({ role }) => role === NO_LIMIT.role);
  return makeSnapshot({
    target,
    exists: true,
    parts: isLimited ? parts : [...parts, NO_LIMIT],
    restoreHints: { names },
  });
}

async function* attachable(organizations: Organizations): AsyncIterable<string> {
  const roots = await collectPages(async (NextToken) => {
    const page = await orFault(organizations.send(new ListRootsCommand({ NextToken })));
    return { items: page.Roots ?? [], next: page.NextToken };
  });
  const parents = [...roots];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    if (parent.Arn !== undefined) yield parent.Arn;
    const { Id: ParentId } = parent;
    const units = allPages(async (NextToken) => {
      const page = await orFault(
        organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken })),
      );
      return { items: page.OrganizationalUnits ?? [], next: page.NextToken };
    });
    for await (const unit of units) parents.push(unit);
  }
  const accounts = allPages(async (NextToken) => {
    const page = await orFault(organizations.send(new ListAccountsCommand({ NextToken })));
    return { items: page.Accounts ?? [], next: page.NextToken };
  });
  for await (const { Arn: arn } of accounts) if (arn !== undefined) yield arn;
}

/** Names of the policies that one side has and the other has not. */
function changedNames(accepted: Snapshot, from: Snapshot): string[] {
  const [before, after] = [attachedIds(accepted), attachedIds(from)];
  const changed = [...before, ...after].filter((id) => !(before.includes(id) && after.includes(id)));
  const names = { ...namesOf(accepted), ...namesOf(from) };
  return changed.flatMap((id) => names[id] ?? []);
}

function namesOf({ restoreHints }: Snapshot): { readonly [policyId: string]: string } {
  const names = restoreHints?.['names'];
  return typeof names === 'object' && names !== null
    ? (names as { readonly [policyId: string]: string })
    : {}; // As read.
}

/** What is missing comes back first: the last policy of a target cannot be detached. */
function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  organizations: Organizations,
): Write[] {
  const TargetId = idOf(accepted.target);
  const [wanted, there] = [attachedIds(accepted), attachedIds(live)];
  return [
    ...wanted
      .filter((id) => !there.includes(id))
      .map((PolicyId) => ({
        operation: 'AttachPolicy',
        summary: `attach control policy ${PolicyId} to ${TargetId}`,
        send: () => organizations.send(new AttachPolicyCommand({ PolicyId, TargetId })),
        whyNot: async () => {
          const found = await unless(
            ['PolicyNotFoundException'],
            organizations.send(new DescribePolicyCommand({ PolicyId })),
          );
          if (found === undefined)
            return `control policy ${PolicyId} was deleted; make it again by hand from the kept version, and attach that`;
          const proved = partDocument(accepted, `${ATTACHED}${PolicyId}`);
          return canonicalDocument(found.Policy?.Content) === canonicalDocument(proved)
            ? undefined
            : `control policy ${PolicyId} says something else by now; look at it before it is attached by hand`;
        },
      })),
    ...there
      .filter((id) => !wanted.includes(id))
      .map((PolicyId) => ({
        operation: 'DetachPolicy',
        summary: `detach control policy ${PolicyId} from ${TargetId}`,
        send: () => organizations.send(new DetachPolicyCommand({ PolicyId, TargetId })),
      })),
  ];
}

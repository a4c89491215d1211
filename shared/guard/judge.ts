/**
 * What do the checks say of this content, and what of that is new? Asks the engine; decides nothing, remembers
 * nothing. A principal is judged on all its documents together, everything else on its own document.
 */
import { isGranted } from '../checks/noNewAccess.ts';
import type { PolicySet, Verdict } from '../checks/verdict.ts';
import type { Finding, FindingCheck } from '../findings/finding.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { Config, CriticalAccess } from '../runtime/config.ts';
import type { Snapshot, TargetAdapter, TargetKind } from '../targets/target.ts';
import type { GuardEngine } from './guard.ts';
import { toPolicySet } from './policySet.ts';

/**
 * Against what. `accepted`: the accepted version, and the lists. `setup-window`, `first-seen`: the lists alone, since
 * a thing that is being made widens with every step and grants nothing "new" on the first.
 */
export type Basis = 'accepted' | 'setup-window' | 'first-seen';

/** One check's answer. */
export type Assessment = {
  readonly check: Extract<
    FindingCheck,
    'no-new-access' | 'access-not-granted' | 'no-public-access' | 'no-external-access' | 'document'
  >;
  readonly listName?: string;
  /** `document` is never asked of the engine: UNKNOWN, with what could not be read. */
  readonly verdict: Verdict;
  /** True iff the accepted version does not fail the same way: what is not new is no finding. True unless FAIL. */
  readonly isNew: boolean;
};

export type Judgement = {
  readonly basis: Basis;
  /** Content hash of the accepted version; `''` when there is none. */
  readonly acceptedHash: string;
  readonly snapshot: Snapshot;
  readonly assessments: readonly Assessment[];
  /** Ids of the open findings whose witness the content still grants, as far as can be told. */
  readonly stillGranted: ReadonlySet<string>;
};

export type JudgeRequest = {
  readonly snapshot: Snapshot;
  readonly accepted: Snapshot | undefined;
  readonly basis: Basis;
  readonly openFindings: readonly Finding[];
};

export type JudgeDependencies = {
  readonly engine: GuardEngine;
  readonly config: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>;
  readonly adapter: Pick<TargetAdapter, 'resourceType'>;
};

/** How the kinds differ to the checks. */
const KINDS: {
  readonly [kind in TargetKind]: { readonly namesPrincipals: boolean; readonly ownerDelegates: boolean };
} = {
  'managed-policy': { namesPrincipals: false, ownerDelegates: false },
  'iam-principal': { namesPrincipals: false, ownerDelegates: false },
  // A role may be assumed only by whom its trust policy names.
  'role-trust': { namesPrincipals: true, ownerDelegates: false },
  // Within the account an identity policy is enough; the resource policy then only denies. Source: IAM User Guide,
  // "Policy evaluation logic", resource-based policies in the same account.
  'bucket-policy': { namesPrincipals: true, ownerDelegates: true },
  'lambda-function-policy': { namesPrincipals: true, ownerDelegates: true },
};

/** Returns what each check says of the snapshot. Never PASS for what could not be read. */
export async function judge(request: JudgeRequest, dependencies: JudgeDependencies): Promise<Judgement> {
  const { snapshot, accepted, basis, openFindings } = request;
  const acceptedHash = accepted?.contentHash ?? '';
  const live = toPolicySet(snapshot);
  if (live.kind === 'unreadable') {
    const stillGranted = new Set(openFindings.map(({ id }) => id));
    return { basis, acceptedHash, snapshot, assessments: [unreadable(live.causes)], stillGranted };
  }
  const before = accepted === undefined ? undefined : toPolicySet(accepted);
  const assessments: Assessment[] = [];
  if (basis === 'accepted' && before !== undefined) {
    if (before.kind === 'unreadable') {
      assessments.push({ ...unreadable(before.causes), check: 'no-new-access' });
    } else {
      const verdict = await newAccess({ before: before.set, live: live.set, snapshot }, dependencies.engine);
      assessments.push({ check: 'no-new-access', verdict, isNew: true });
    }
  }
  const known = before?.kind === 'set' ? before.set : undefined;
  for (const question of listQuestions(snapshot, dependencies)) {
    const { check, listName, ask } = question;
    const verdict = await ask(live.set);
    const isNew = verdict.result !== 'FAIL' || known === undefined || (await failsAnew(verdict, known, ask));
    assessments.push({ check, ...(listName === undefined ? {} : { listName }), verdict, isNew });
  }
  const granted = openFindings.filter(({ witness }) => witness === undefined || isGranted(live.set, witness));
  return { basis, acceptedHash, snapshot, assessments, stillGranted: new Set(granted.map(({ id }) => id)) };
}

type ListQuestion = {
  readonly check: Assessment['check'];
  readonly listName?: string;
  readonly ask: (set: PolicySet) => Promise<Verdict>;
};

function listQuestions({ target }: Snapshot, { engine, config, adapter }: JudgeDependencies): ListQuestion[] {
  const critical = config.criticalAccess
    .filter(({ kinds }) => kinds === undefined || kinds.includes(target.kind))
    .map((entry): ListQuestion => {
      const access = [toAccess(entry)];
      return {
        check: 'access-not-granted',
        listName: entry.name,
        ask: (set) => engine.checkAccessNotGranted(set, access),
      };
    });
  if (!KINDS[target.kind].namesPrincipals) return critical;
  const { accounts, organizations, services } = config.zoneOfTrust;
  const trusted = { accounts: [target.accountId, ...accounts], organizations, services };
  return [
    ...critical,
    { check: 'no-public-access', ask: (set) => engine.checkNoPublicAccess(set, adapter.resourceType) },
    { check: 'no-external-access', ask: (set) => engine.checkNoExternalAccess(set, trusted) },
  ];
}

function toAccess({ actions, resources }: CriticalAccess) {
  return { ...(actions === undefined ? {} : { actions }), ...(resources === undefined ? {} : { resources }) };
}

/** A FAIL is new unless the accepted version fails too and already grants the very request that was found. */
async function failsAnew(
  verdict: Extract<Verdict, { result: 'FAIL' }>,
  known: PolicySet,
  ask: ListQuestion['ask'],
): Promise<boolean> {
  if (!isGranted(known, verdict.witness)) return true;
  return (await ask(known)).result !== 'FAIL';
}

type Versions = { readonly before: PolicySet; readonly live: PolicySet; readonly snapshot: Snapshot };

/**
 * The documents against each other; and where an identity policy of the own account is enough to be let in, once more
 * with the account let in by both, since then a Deny that went away is new access too.
 */
async function newAccess({ before, live, snapshot }: Versions, engine: GuardEngine): Promise<Verdict> {
  const alone = await engine.checkNoNewAccess(before, live);
  if (alone.result !== 'PASS' || !snapshot.exists || !KINDS[snapshot.target.kind].ownerDelegates)
    return alone;
  const hasDeny = before.policies.some(({ policy }) =>
    policy.statements.some(({ effect }) => effect === 'Deny'),
  );
  if (!hasDeny) return alone;
  const owner = ownerPolicy(snapshot.target.accountId);
  const together = await engine.checkNoNewAccess(
    { policies: [...before.policies, owner] },
    { policies: [...live.policies, owner] },
  );
  if (together.result === 'PASS') return alone;
  const notes = [
    ...(together.notes ?? []),
    `an identity policy of account \`${snapshot.target.accountId}\` is enough for such a request now that it is not denied here`,
  ];
  return { ...together, reasons: together.reasons.filter(({ document }) => document !== owner.name), notes };
}

function ownerPolicy(accountId: string) {
  const name = `identity policies of account ${accountId}`;
  const statement = { Effect: 'Allow', Principal: { AWS: accountId }, Action: '*', Resource: '*' };
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const result = parsePolicy(text, { policyType: 'RESOURCE_POLICY', sourceName: name });
  if (!result.ok) throw new Error(`the account id \`${accountId}\` of a target is none`);
  return { name, policy: result.policy };
}

function unreadable(causes: readonly string[]): Assessment {
  const [cause = 'a document cannot be read', ...others] = causes;
  const verdict: Verdict = {
    result: 'UNKNOWN',
    message: 'The policy could not be judged.',
    reasons: [],
    decidedBy: 'atoms',
    cause,
    ...(others.length > 0 ? { notes: others } : {}),
  };
  return { check: 'document', verdict, isNew: true };
}

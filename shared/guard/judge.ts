/**
 * What do the checks say of this content, and what of that is new? Asks the engine; decides nothing, remembers
 * nothing. A principal is judged on all its documents together, everything else on its own document.
 */
import { mayGrant } from '../checks/underReadings.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Finding, FindingCheck } from '../findings/finding.ts';
import type { PolicyType } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../policy/policySet.ts';
import type { Snapshot, TargetAdapter, TargetRef } from '../targets/target.ts';
import type { Config, CriticalAccess } from './config.ts';
import type { GuardEngine } from './contract.ts';
import { type SetResult, toPolicySet } from './policySet.ts';
import { rebase } from './rebase.ts';

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
  /** There is an accepted version and the store does not give it: why. Then nothing is PASS for want of a comparison. */
  readonly lost?: LostVersion;
  readonly basis: Basis;
  readonly openFindings: readonly Finding[];
};

export type LostVersion = { readonly contentHash: string /** One sentence. */; readonly cause: string };

export type JudgeDependencies = {
  readonly engine: GuardEngine;
  readonly config: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>;
  readonly adapter: Pick<TargetAdapter, 'resourceType' | 'namesPrincipals' | 'grantedElsewhere'>;
};

/** Returns what each check says of the snapshot. Never PASS for what could not be read. */
export async function judge(request: JudgeRequest, dependencies: JudgeDependencies): Promise<Judgement> {
  const { snapshot, accepted, lost, basis, openFindings } = request;
  const acceptedHash = accepted?.contentHash ?? lost?.contentHash ?? '';
  const live = toPolicySet(snapshot);
  if (live.kind === 'unreadable') {
    const stillGranted = new Set(openFindings.map(({ id }) => id));
    return { basis, acceptedHash, snapshot, assessments: [unreadable(live.causes)], stillGranted };
  }
  const before = comparedWith(request);
  const assessments: Assessment[] = [];
  if (basis === 'accepted' && before !== undefined) {
    if (before.kind === 'unreadable') {
      assessments.push({ ...unreadable(before.causes), check: 'no-new-access' });
    } else {
      const verdict = await newAccess({ before: before.set, live: live.set, snapshot }, dependencies);
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
  const limit = grantsNothing(live.set) ? grantsElsewhere(snapshot.target, dependencies.adapter) : undefined;
  // What grants nothing itself still lets a request pass iff it does so for one that is granted elsewhere.
  const now = limit === undefined ? live.set : joined(live.set, limit);
  const granted = openFindings.filter(({ witness }) => witness === undefined || mayGrant(now, witness));
  return { basis, acceptedHash, snapshot, assessments, stillGranted: new Set(granted.map(({ id }) => id)) };
}

function comparedWith({ accepted, lost, snapshot }: JudgeRequest): SetResult | undefined {
  if (lost !== undefined) return { kind: 'unreadable', causes: [lost.cause] };
  return accepted === undefined ? undefined : toPolicySet(rebase(accepted, snapshot));
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
  if (!adapter.namesPrincipals) return critical;
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
  if (!mayGrant(known, verdict.witness)) return true;
  return (await ask(known)).result !== 'FAIL';
}

type Versions = { readonly before: PolicySet; readonly live: PolicySet; readonly snapshot: Snapshot };

/**
 * The documents against each other; and where something else may grant what they deny, once more with all of that
 * granted on both sides, since then a Deny that went away is new access too.
 */
async function newAccess(
  { before, live, snapshot }: Versions,
  { engine, adapter }: Pick<JudgeDependencies, 'engine' | 'adapter'>,
): Promise<Verdict> {
  const alone = await engine.checkNoNewAccess(before, live);
  const elsewhere = grantsElsewhere(snapshot.target, adapter);
  if (alone.result !== 'PASS' || !snapshot.exists || elsewhere === undefined) return alone;
  const hasDeny = before.policies.some(({ policy }) =>
    policy.statements.some(({ effect }) => effect === 'Deny'),
  );
  if (!hasDeny && before.boundary === undefined) return alone;
  const together = await engine.checkNoNewAccess(joined(before, elsewhere), joined(live, elsewhere));
  if (together.result === 'PASS') return alone;
  const notes = [
    ...(together.notes ?? []),
    `the request was ${hasDeny ? 'denied' : 'not let pass'} here and may be granted by ${elsewhere.name}`,
  ];
  const reasons = together.reasons.filter(({ document }) => document !== elsewhere.name);
  return { ...together, reasons, notes };
}

function grantsNothing({ policies }: PolicySet): boolean {
  return policies.every(({ policy }) => policy.statements.every(({ effect }) => effect === 'Deny'));
}

/** Returns the set beside everything that others may grant where its Deny or limit is in force; itself where nothing is. */
export function besideOthers(
  set: PolicySet,
  target: TargetRef,
  adapter: Pick<TargetAdapter, 'grantedElsewhere'>,
): PolicySet {
  const elsewhere = grantsElsewhere(target, adapter);
  return elsewhere === undefined ? set : joined(set, elsewhere);
}

function joined({ policies, ...limits }: PolicySet, elsewhere: NamedPolicy): PolicySet {
  return { policies: [...policies, elsewhere], ...limits };
}

const BESIDE_HOLDERS: { readonly [kind in TargetRef['kind']]?: string } = {
  'managed-policy': 'the other policies of whoever holds it',
  'organizations-policy': 'the control policies beside it',
};

/** Everything that other policies might grant where this target's Deny is in force; undefined where nothing else can. */
function grantsElsewhere(
  target: TargetRef,
  adapter: Pick<TargetAdapter, 'grantedElsewhere'>,
): NamedPolicy | undefined {
  const all = { Effect: 'Allow', Action: '*', Resource: '*' };
  switch (adapter.grantedElsewhere(target)) {
    case 'by-holders':
      return namedPolicy(
        BESIDE_HOLDERS[target.kind] ?? 'the other policies of its members',
        'IDENTITY_POLICY',
        all,
      );
    case 'by-account':
      return namedPolicy(`an identity policy of account ${target.accountId}`, 'RESOURCE_POLICY', {
        ...all,
        Principal: { AWS: target.accountId },
      });
    case 'by-roles':
      return namedPolicy('the policies of its roles', 'IDENTITY_POLICY', all);
    case 'by-anyone':
      return namedPolicy('another policy', 'RESOURCE_POLICY', { ...all, Principal: '*' });
    case 'nowhere':
      return undefined;
  }
}

function namedPolicy(name: string, policyType: PolicyType, statement: object): NamedPolicy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const result = parsePolicy(text, { policyType, sourceName: name });
  if (!result.ok) throw new Error(`the policy made for ${name} does not parse: is the account id none?`);
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

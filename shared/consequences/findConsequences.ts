/**
 * What a step means: who became what, by which call, and how serious that is. Asked after a check said that the step
 * grants something new; the engine decides every line, the catalogue gives the words.
 */
import type { Engine, NewAccess } from '../checks/index.ts';
import type { Request } from '../evaluator/request.ts';
import type { PolicySet } from '../policy/policySet.ts';
import type { Reference } from '../reference/reference.ts';
import { ACCESS_RULES, type AccessRule } from './accessRules.ts';
import { type CallProbe, createCallProbe, type GrantedCall } from './callProbe.ts';
import { findEscalations } from './findEscalations.ts';
import { type Grade, worst } from './grade.ts';
import { describeEscalation, gradeEscalation } from './gradeEscalation.ts';
import { type AddedAccess, gradeOfSummary, summarise } from './gradePieces.ts';
import { type Holder, type Knowledge, NOTHING_KNOWN } from './holder.ts';

/** One consequence of the step. */
type Consequence = {
  /** `administrator`, an escalation path's id, or an access rule's name. */
  readonly id: string;
  readonly kind: 'administrator' | 'escalation' | 'access';
  readonly grade: Grade;
  /** "can become an administrator: it may …", to be put after the principal's name. */
  readonly says: string;
  /** MITRE ATT&CK, Enterprise. */
  readonly technique: string;
  /** One granted request for each call that it takes. */
  readonly calls: readonly Request[];
};

export type Consequences = {
  /** Of the most serious consequence, else of the most serious line of the summary. */
  readonly grade: Grade;
  /** Most serious first; empty where only the summary tells. */
  readonly consequences: readonly Consequence[];
  readonly added: readonly AddedAccess[];
};

type StepQuestion = {
  /** Identity policies of one principal, or of whoever holds them. */
  readonly after: PolicySet;
  /** Absent: the principal was not there. */
  readonly before?: PolicySet;
  readonly holder: Holder;
  /** With what it held and was in before; as now if absent. */
  readonly holderBefore?: Holder;
  readonly knowledge: Knowledge;
  /** The new access of the step. */
  readonly newAccess: NewAccess;
};

type Ask = Pick<Engine, 'checkAccessNotGranted'>;

/** Returns what the step means; `consequences` names only what this step added. */
export async function findConsequences(
  question: StepQuestion,
  engine: Ask,
  reference: Reference,
): Promise<Consequences> {
  const { after, before, holder, holderBefore = holder, knowledge, newAccess } = question;
  const added = summarise(newAccess.pieces, reference);
  const now = createCallProbe(after, engine);
  const then = before && createCallProbe(before, engine);
  const administrator = await becomesAdministrator(now, then);
  // Whoever may do everything goes no path; naming them all would bury what happened.
  const consequences =
    administrator === undefined
      ? [
          ...(await escalations(
            { set: after, ...(before && { before }), holder, holderBefore, knowledge },
            engine,
          )),
          ...(await accessRules(now, then)),
        ]
      : [administrator];
  const rank = ({ grade }: Consequence) => ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO'].indexOf(grade);
  const sorted = consequences.sort((a, b) => rank(a) - rank(b));
  return {
    grade: worst([gradeOfSummary(added), ...sorted.map(({ grade }) => grade)]),
    consequences: sorted,
    added,
  };
}

async function escalations(
  question: Parameters<typeof findEscalations>[0],
  engine: Ask,
): Promise<Consequence[]> {
  const isBounded = question.set.boundary !== undefined && question.set.boundary.length > 0;
  return (await findEscalations(question, engine)).map((escalation) => ({
    id: escalation.path.id,
    kind: 'escalation',
    grade: gradeEscalation(escalation, isBounded),
    says: describeEscalation(escalation),
    technique: escalation.path.technique,
    calls: escalation.calls,
  }));
}

async function accessRules(now: CallProbe, then: CallProbe | undefined): Promise<Consequence[]> {
  const found: Consequence[] = [];
  for (const { id, rule, granted } of await rulesMet(now, then)) {
    const call = await granted.show();
    found.push({
      id,
      kind: 'access',
      grade: rule.grade,
      says: `${rule.says}: it may call \`${call.action}\``,
      technique: rule.technique,
      calls: [call],
    });
  }
  return found;
}

type RuleMet = { readonly id: string; readonly rule: AccessRule; readonly granted: GrantedCall };

async function rulesMet(now: CallProbe, then: CallProbe | undefined): Promise<RuleMet[]> {
  const found: RuleMet[] = [];
  for (const [id, rule] of Object.entries<AccessRule>(ACCESS_RULES)) {
    for (const { actions, resources, beside } of rule.access) {
      const granted = await firstNew(actions, resources, now, then, beside);
      if (granted === undefined) continue;
      found.push({ id, rule, granted });
      break;
    }
  }
  return found;
}

/** The first of the actions that is granted now and was not then. */
async function firstNew(
  actions: readonly string[],
  resources: readonly string[] | undefined,
  now: CallProbe,
  then: CallProbe | undefined,
  beside: string | undefined,
): Promise<GrantedCall | undefined> {
  const both = async (probe: CallProbe, question: { readonly action: string }) => {
    if (beside !== undefined && (await probe.grants({ action: beside })) === undefined) return undefined;
    return probe.grants(question);
  };
  for (const action of actions) {
    if (!now.mentions(action)) continue;
    if (then?.covers(now, [action, ...(beside === undefined ? [] : [beside])])) continue;
    const question = { action, ...(resources === undefined ? {} : { resources }) };
    const granted = await both(now, question);
    if (granted === undefined || !granted.isDecided) continue;
    if (then === undefined || (await both(then, question)) === undefined) return granted;
  }
  return undefined;
}

/** Whoever may do all of these on resources that no statement names may do everything that matters. */
const EVERYTHING: readonly { readonly action: string; readonly resources: readonly string[] }[] = [
  { action: 'iam:AttachRolePolicy', resources: ['arn:*:iam::*:role/named-by-no-statement'] },
  { action: 'iam:CreateUser', resources: ['arn:*:iam::*:user/named-by-no-statement'] },
  { action: 'ec2:TerminateInstances', resources: ['arn:*:ec2:*:*:instance/named-by-no-statement'] },
  { action: 's3:GetObject', resources: ['arn:*:s3:::named-by-no-statement/named-by-no-statement'] },
  { action: 'organizations:LeaveOrganization', resources: ['*'] },
];

/** Returns true iff the documents let their holder do everything, or make anybody administrator, itself included. */
export async function isAdministrator(set: PolicySet, engine: Ask): Promise<boolean> {
  if ((await everything(createCallProbe(set, engine))) !== undefined) return true;
  const paths = await findEscalations({ set, holder: NOBODY, knowledge: NOTHING_KNOWN }, engine);
  return paths.some(
    ({ path, scope, isDecided }) => path.kind === 'self-escalation' && scope === 'anyone' && isDecided,
  );
}

const NOBODY: Holder = { policyArns: [], groupArns: [] };

/** Returns true iff the documents give their holder HIGH access, or a path to a more privileged principal. */
export async function isPrivileged(set: PolicySet, engine: Ask): Promise<boolean> {
  const probe = createCallProbe(set, engine);
  if ((await everything(probe)) !== undefined) return true;
  const found = [
    ...(await rulesMet(probe, undefined)).map(({ rule }) => rule),
    ...(await escalations({ set, holder: NOBODY, knowledge: NOTHING_KNOWN }, engine)),
  ];
  return found.some(({ grade }) => grade === 'HIGH' || grade === 'CRITICAL');
}

async function everything(probe: CallProbe): Promise<GrantedCall[] | undefined> {
  if (!EVERYTHING.every(({ action }) => probe.mentions(action))) return undefined;
  const calls: GrantedCall[] = [];
  for (const question of EVERYTHING) {
    const call = await probe.grants(question);
    if (call === undefined) return undefined;
    calls.push(call);
  }
  return calls;
}

async function becomesAdministrator(
  now: CallProbe,
  then: CallProbe | undefined,
): Promise<Consequence | undefined> {
  const actions = EVERYTHING.map(({ action }) => action);
  if (then?.covers(now, actions)) return undefined;
  const calls = await everything(now);
  if (calls === undefined || (then !== undefined && (await everything(then)) !== undefined)) return undefined;
  return {
    id: 'administrator',
    kind: 'administrator',
    grade: 'CRITICAL',
    says: 'is an administrator: it can do everything',
    technique: 'T1098.003',
    calls: await Promise.all(calls.slice(0, 1).map(({ show }) => show())),
  };
}

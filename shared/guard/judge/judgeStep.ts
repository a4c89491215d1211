/**
 * What did a step add? Asks the engine, decides nothing, remembers nothing. A principal is judged on all its documents
 * together, everything else on its own. Never PASS for what could not be read.
 */

import { atTarget } from '../../checks/atTarget.ts';
import type { Engine } from '../../checks/index.ts';
import { joined, onlyStops, stops, withoutStops } from '../../checks/stops.ts';
import type { Reason, Verdict } from '../../checks/verdict.ts';
import type { Grade } from '../../consequences/grade.ts';
import type { Knowledge } from '../../consequences/holder.ts';
import { describeHolder, describeTarget } from '../../findings/consequence.ts';
import type { Addition, FindingStatement } from '../../findings/finding.ts';
import { describeConsequence } from '../../findings/headline.ts';
import { rank } from '../../findings/present.ts';
import { quoteStatement } from '../../findings/quoteStatement.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import { toPolicySet } from '../../targets/policySet.ts';
import type { Snapshot, TargetAdapter, TargetRef } from '../../targets/target.ts';
import type { Config } from '../config.ts';
import { isPart } from '../timeline/timeline.ts';
import { grantsElsewhere } from './elsewhere.ts';
import { gradeOf } from './grade.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { questionOf } from './questionOf.ts';
import { withUniqueIds } from './uniqueIds.ts';

/** An addition, without where its contents are kept. */
export type Answer = Omit<Addition, 'versions' | 'now' | 'isInitial'>;

type StepRequest = {
  /** Absent snapshot: nothing was there. */
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What stood under the name until the thing was made again: it is to add nothing to any of them. */
  readonly predecessors?: readonly Snapshot[];
  /** Nothing is known of what was before: ask only what needs no comparison. */
  readonly isListsOnly: boolean;
  /** Only what this grants as well counts as added: what is left of an earlier step. */
  readonly within?: Snapshot;
};

export type JudgeDependencies = {
  readonly engine: Pick<Engine, 'remains' | 'checkAccessNotGranted' | 'listNewAccess'>;
  /** What is known about other principals, as far as the set names them. */
  readonly knowledge: (set: PolicySet) => Promise<Knowledge>;
  /** What a permission set gives; undefined: not known. */
  readonly permissionSetGrade: (arn: string) => Promise<Grade | undefined>;
  /** Of the user or role of that name, now or before it was deleted. */
  readonly uniqueIdsOf: (arn: string) => Promise<readonly string[]>;
  /** Nothing of the target's bucket is known to be public but for its public access block. */
  readonly isClosedBucket: () => Promise<boolean>;
  readonly config: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>;
  readonly adapter: Pick<TargetAdapter, 'namesPrincipals' | 'grantedElsewhere' | 'resourceType' | 'parts'>;
};

/** Returns what the step added, the gravest first; none iff it is proved to add nothing. */
export async function judgeStep(
  request: StepRequest,
  dependencies: JudgeDependencies,
): Promise<readonly Answer[]> {
  const { before, after, predecessors = [], isListsOnly, within } = request;
  const now = toPolicySet(after);
  if (now.kind === 'unreadable') return [unreadable(now.causes, after)];
  const then = within && toPolicySet(within);
  const limited = (set: PolicySet): PolicySet =>
    then?.kind === 'set' ? { ...set, boundary: [...(set.boundary ?? []), then.set] } : set;
  const was = toPolicySet(before);
  const read: PolicySet = was.kind === 'set' ? was.set : { policies: [] };
  const known = await withUniqueIds({ before: read, after: now.set }, dependencies.uniqueIdsOf);
  const formerParts = new Set(before.parts.map(({ id }) => id));
  const sets = { before: limited(known), after: limited(now.set), snapshot: after, formerParts, isListsOnly };
  const found = await ask(sets, dependencies);
  const answers = found.map((one) => toAnswer(one, { ...request, ...limitsOf(now.set) }, dependencies));
  if (was.kind === 'unreadable' && answers.length > 0) answers.push(unreadable(was.causes, before));
  const isRemade =
    predecessors.length > 0 && answers.length > 0 && (await addsNothing(predecessors, after, dependencies));
  const told = isRemade ? answers.map(asRemade) : answers;
  return told.toSorted((a, b) => rank(b) - rank(a));
}

type Asked = Pick<Answer, 'check' | 'listName' | 'isBeside'> & {
  readonly verdict: Exclude<Verdict, { readonly result: 'PASS' }>;
  /** What may grant it. */
  readonly beside?: string;
  readonly meaning?: Meaning;
};

type Sets = {
  readonly before: PolicySet;
  readonly after: PolicySet;
  readonly snapshot: Snapshot;
  /** Ids of the parts that were there before. */
  readonly formerParts: ReadonlySet<string>;
  readonly isListsOnly: boolean;
};

async function ask(sets: Sets, dependencies: JudgeDependencies): Promise<Asked[]> {
  const { engine, config, adapter } = dependencies;
  const { snapshot, formerParts, isListsOnly } = sets;
  const { target } = snapshot;
  const [before, after] = [isListsOnly ? { policies: [] } : sets.before, sets.after];
  const found: Asked[] = [];
  const shown = (verdict: Asked['verdict'], pair: Pick<Sets, 'before' | 'after'>): Asked['verdict'] =>
    verdict.result === 'FAIL' && adapter.namesPrincipals
      ? { ...verdict, witness: atTarget(verdict.witness, target.arn, pair) }
      : verdict;
  const remains = async (
    asked: Pick<Asked, 'check' | 'listName' | 'isBeside' | 'beside' | 'meaning'>,
    pair: Pick<Sets, 'before' | 'after'>,
  ) => {
    const verdict = await engine.remains(pair, questionOf(asked, target, dependencies));
    if (verdict.result !== 'PASS') found.push({ ...asked, verdict: shown(verdict, pair) });
  };
  const any = await engine.remains({ before, after });
  if (any.result === 'PASS') {
    if (isListsOnly) return [];
    const elsewhere = grantsElsewhere(target, adapter);
    if (elsewhere !== undefined && stops(before)) {
      const pair = { before: joined(before, elsewhere), after: joined(after, elsewhere) };
      // A block that held nothing back did not matter.
      const isIdle = target.kind === 'bucket-public-access-block' && (await dependencies.isClosedBucket());
      await remains(
        {
          check: 'no-new-access',
          isBeside: true,
          beside: elsewhere.name,
          ...(isIdle ? { meaning: { grade: 'LOW', consequences: [], added: [] } } : {}),
        },
        pair,
      );
    }
    if (stops(after))
      await remains(
        { check: 'dormant-access' },
        { before: withoutStops(before), after: withoutStops(after) },
      );
    return found;
  }
  if (!isListsOnly) {
    const meaning =
      any.result === 'FAIL'
        ? { meaning: await meaningOf({ before, after, snapshot, formerParts }, dependencies) }
        : {};
    found.push({ check: 'no-new-access', verdict: shown(any, { before, after }), ...meaning });
  }
  // A Deny that went counts by itself: else nobody would miss it once the Allow that came with it has gone.
  const elsewhere = isListsOnly ? undefined : grantsElsewhere(target, adapter);
  if (elsewhere !== undefined && stops(before))
    await remains(
      { check: 'no-new-access', isBeside: true, beside: elsewhere.name },
      { before: joined(onlyStops(before), elsewhere), after: joined(onlyStops(after), elsewhere) },
    );
  // Whatever is public, external or listed is new access first, so a PASS above answers these too.
  for (const { name, kinds } of config.criticalAccess)
    if (kinds?.includes(target.kind) ?? true)
      await remains({ check: 'access-not-granted', listName: name }, { before, after });
  if (!adapter.namesPrincipals) return found;
  await remains({ check: 'no-public-access' }, { before, after });
  await remains({ check: 'no-external-access' }, { before, after });
  return found;
}

/** The thing was made again with no more than it had. */
async function addsNothing(
  predecessors: readonly Snapshot[],
  after: Snapshot,
  dependencies: JudgeDependencies,
): Promise<boolean> {
  const is = toPolicySet(after);
  for (const was of predecessors.map(toPolicySet)) {
    if (was.kind !== 'set' || is.kind !== 'set') return false;
    const step = { before: was.set, after: is.set };
    const { result } = await dependencies.engine.remains(
      step,
      { check: 'no-new-access' },
      { resultOnly: true },
    );
    if (result !== 'PASS') return false;
    // A Deny or limit that it had counts as well.
    const sets = { ...step, snapshot: after, formerParts: new Set<string>(), isListsOnly: false };
    if ((await ask(sets, dependencies)).some(({ check }) => check !== 'dormant-access')) return false;
  }
  return true;
}

function asRemade(answer: Answer): Answer {
  const note = 'recreated: the target was deleted and made again, with nothing more than it had granted';
  return { ...answer, grade: 'INFO', notes: [...answer.notes, note] };
}

type Limits = { readonly isBounded: boolean; readonly isDenied: boolean };

/** What holds back some of what the target's Allows say. */
function limitsOf({ policies, boundary = [] }: PolicySet): Limits {
  const isDenied = policies.some(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny'));
  return { isBounded: boundary.length > 0, isDenied };
}

function toAnswer(
  { verdict, meaning, beside, ...asked }: Asked,
  { before, after, isBounded, isDenied }: StepRequest & Limits,
  { adapter: { parts = [] } }: Pick<JudgeDependencies, 'adapter'>,
): Answer {
  const { target } = after;
  const { check, listName, isBeside } = asked;
  const named = listName === undefined ? {} : { listName };
  const removed = verdict.removedDenies ?? [];
  const sources = sourcesOf([...verdict.reasons, ...removed], after);
  // Statements of our own stand for a setting, not for calls that AWS documents.
  const isOurs = parts.some(
    ({ id, text }) =>
      text === 'derived' && (sources.length === 0 || sources.some((one) => isPart(id, { id: one }))),
  );
  const isPossible = isOurs || !('possible' in verdict) || verdict.possible !== false;
  const isLoss = isBeside === true || removed.length > 0;
  const grade =
    verdict.result === 'UNKNOWN'
      ? 'MEDIUM'
      : isPossible
        ? gradeOf(check, { kind: target.kind, meaning: meaning?.grade ?? 'MEDIUM', isLoss })
        : 'INFO';
  return {
    ...asked,
    result: verdict.result,
    possible: isPossible,
    grade,
    sources,
    title:
      verdict.result === 'FAIL'
        ? ((isPossible ? headlineOf(meaning, target) : undefined) ??
          describeConsequence(check, {
            witness: verdict.witness,
            possible: isPossible,
            target,
            texts: textsOf(before, after),
            isLoss,
            isBounded,
            isDenied,
            ...named,
            ...(meaning === undefined ? {} : { added: meaning.added }),
          }))
        : `the ${describeTarget(target)} changed and could not be judged (${listName ?? check})`,
    message: verdict.message,
    ...(verdict.result === 'FAIL' ? { witness: verdict.witness } : { cause: verdict.cause }),
    statements: toStatements(verdict.reasons, after),
    removedDenies: toStatements(removed, before),
    notes: [
      ...(verdict.notes ?? []),
      ...(beside === undefined ? [] : [`the request was stopped here and may be granted by ${beside}`]),
      ...(isPossible ? [] : ['no call that AWS documents makes use of it']),
    ],
    decidedBy: verdict.decidedBy,
    ...(meaning === undefined || !isPossible
      ? {}
      : { consequences: meaning.consequences, added: meaning.added }),
  };
}

/** What the target holds, and held: what a lost Deny spoke of is known by what stood there. */
const textsOf = (...states: readonly Snapshot[]) =>
  states.flatMap(({ parts }) => parts.flatMap(({ id, document }) => [id, document ?? '']));

/** What somebody became, where the step made anybody something. */
function headlineOf(meaning: Meaning | undefined, target: TargetRef): string | undefined {
  const [first] = meaning?.consequences ?? [];
  if (first === undefined) return undefined;
  return first.isWhole === true ? first.says : `${describeHolder(target)} ${first.says}`;
}

function sourcesOf(reasons: readonly Reason[], { parts }: Snapshot): readonly string[] {
  const only = parts.length === 1 ? parts[0]?.id : undefined;
  const named = reasons.map(({ document }) => (document === undefined || document === '' ? only : document));
  return [...new Set(named.filter((id) => id !== undefined))].sort();
}

/** Statements that are quoted; a state is to stay small, and nobody reads more. All are named. */
const MAX_QUOTED = 5;

function toStatements(reasons: readonly Reason[], { parts }: Snapshot): FindingStatement[] {
  return reasons.map(({ document, ...reason }, index) => {
    const isOnly = document === undefined || document === '';
    const part = isOnly ? parts[0] : parts.find(({ id }) => id === document);
    const text = index < MAX_QUOTED ? part?.document : undefined;
    const lines = text === undefined ? [] : quoteStatement(text, reason.statementIndex);
    return { ...reason, ...(isOnly ? {} : { document }), lines };
  });
}

/** Returns the answer that a content could not be judged. */
function unreadable(causes: readonly string[], { target, parts }: Snapshot): Answer {
  const [cause = 'a document cannot be read', ...others] = causes;
  return {
    check: 'document',
    result: 'UNKNOWN',
    possible: true,
    grade: 'MEDIUM',
    sources: parts.map(({ id }) => id),
    title: `the ${describeTarget(target)} changed and could not be read`,
    message: 'The policy could not be judged.',
    cause,
    statements: [],
    removedDenies: [],
    notes: others,
    decidedBy: 'atoms',
  };
}

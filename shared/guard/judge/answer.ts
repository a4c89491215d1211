/** What is told of a question that was not passed: how serious it is, and in which words. Pure. */
import type { Reason, Verdict } from '../../checks/verdict.ts';
import { worst } from '../../consequences/grade.ts';
import { describeHolder, describeTarget } from '../../findings/consequence.ts';
import type { Addition, FindingStatement, Severity } from '../../findings/finding.ts';
import { describeConsequence } from '../../findings/headline.ts';
import { quoteStatement } from '../../findings/quoteStatement.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import type { Snapshot, TargetAdapter, TargetKind, TargetRef } from '../../targets/target.ts';
import { isPart } from '../timeline/timeline.ts';
import type { Meaning } from './meaning.ts';

/** An addition, without where its contents are kept. */
export type Answer = Omit<Addition, 'versions' | 'now' | 'by' | 'isInitial' | 'isGuess'>;

/** A question that was not passed. */
export type Asked = Pick<Answer, 'check' | 'listName' | 'isBeside'> & {
  readonly verdict: Exclude<Verdict, { readonly result: 'PASS' }>;
  /** What may grant it. */
  readonly beside?: string;
  readonly meaning?: Meaning;
};

type Told = {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What the documents of `after` are together. */
  readonly granted: PolicySet;
};

/** Returns what is told of the question that was not passed. */
export function toAnswer(
  { verdict, meaning, beside, ...asked }: Asked,
  { before, after, granted }: Told,
  { adapter: { parts = [] } }: { readonly adapter: Pick<TargetAdapter, 'parts'> },
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
            ...limitsOf(granted),
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
      ...(isPossible ? [] : ['no documented AWS call could use it']),
    ],
    decidedBy: verdict.decidedBy,
    ...(meaning === undefined || !isPossible
      ? {}
      : { consequences: meaning.consequences, added: meaning.added }),
  };
}

/** What holds back some of what the target's Allows say. */
function limitsOf({ policies, boundary = [] }: PolicySet) {
  const isDenied = policies.some(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny'));
  return { isBounded: boundary.length > 0, isDenied };
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

/** The grade of a proved addition. `meaning`: what its new access amounts to; `isLoss`: a Deny or limit went away. */
function gradeOf(
  check: Addition['check'],
  {
    kind,
    meaning,
    isLoss,
  }: { readonly kind: TargetKind; readonly meaning: Severity; readonly isLoss: boolean },
): Severity {
  switch (check) {
    case 'no-public-access':
      return 'CRITICAL';
    case 'access-not-granted':
      // A managed policy grants nothing until somebody holds it; then that principal has a finding of its own.
      return kind === 'managed-policy' ? 'HIGH' : 'CRITICAL';
    case 'no-external-access':
      return 'HIGH';
    case 'dormant-access':
      return 'INFO';
    case 'document':
      return 'MEDIUM';
    case 'no-new-access':
      // A managed policy grants nothing until somebody holds it, and whoever holds it has a finding of its own.
      if (kind === 'managed-policy') return meaning === 'LOW' || meaning === 'INFO' ? meaning : 'MEDIUM';
      // A Deny or limit that held back next to nothing did not matter.
      return isLoss && meaning !== 'LOW' ? worst(['HIGH', meaning]) : meaning;
  }
}

/** Returns the answer that nobody can tell what a change added. */
export function doubtful(said: Pick<Answer, 'sources' | 'title' | 'message' | 'cause' | 'notes'>): Answer {
  return {
    check: 'document',
    result: 'UNKNOWN',
    possible: true,
    grade: 'MEDIUM',
    statements: [],
    removedDenies: [],
    ...said,
  };
}

/** Returns the answer that a content could not be read. */
export function unreadable(causes: readonly string[], { target, parts }: Snapshot): Answer {
  const [cause = 'a document cannot be read', ...notes] = causes;
  const said = doubtful({
    sources: parts.map(({ id }) => id),
    title: `the ${describeTarget(target)} changed and could not be read`,
    message: 'The policy could not be judged.',
    cause,
    notes,
  });
  return { ...said, decidedBy: 'atoms' };
}

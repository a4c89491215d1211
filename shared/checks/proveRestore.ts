/**
 * The proof that writing a candidate in place of what AWS holds only tightens. Four obligations, each one question of
 * `remains`, with live as the version before and the candidate as the one after. Detecting, restoring, closing and
 * reviewing all use this function; nothing else says that a write is safe.
 */

import type { Request } from '../evaluator/request.ts';
import { type NamedPolicy, type PolicySet, toSet } from '../policy/policySet.ts';
import type { AccessQuestion, Step, StepSets } from './remains.ts';
import type { Reason, Verdict } from './verdict.ts';

/**
 * What a document of a target can do there: `grant` and `resource` allow and deny, `boundary` and the limits let through
 * or stop what others allow. `gateway-limit` and `interface-limit` are those of a VPC endpoint of which it is known
 * whether it is a gateway.
 */
export type DocumentRole = 'grant' | 'boundary' | 'resource' | 'limit' | 'gateway-limit' | 'interface-limit';

/** All of them. */
export const DOCUMENT_ROLES = [
  'grant',
  'boundary',
  'resource',
  'limit',
  'gateway-limit',
  'interface-limit',
] as const satisfies readonly DocumentRole[];

/** A document of a target and what it does there. */
export type RoledPolicy = NamedPolicy & { readonly role: DocumentRole };

/** What is to be proved. Names tell which document is which. */
export type Restore = {
  /** What AWS holds, as just read. */
  readonly live: readonly RoledPolicy[];
  /** What it will hold: all documents, those too that stay. */
  readonly candidate: readonly RoledPolicy[];
  /** The additions that must be gone. `live` is not looked at. */
  readonly removed: readonly (Step & { readonly question?: AccessQuestion })[];
  /** True for kinds whose documents act where others grant, each by itself: all is proved of each document too. */
  readonly eachDocument?: boolean;
};

/** What a candidate must fulfil. */
export type Obligation = 'allows no more' | 'denies no less' | 'limits no less' | 'nothing remains';

/** Whether the candidate only tightens. */
export type Proof =
  | { readonly result: 'proved' }
  /** `witness` shows the obligation broken: a request that would be allowed, not denied, let through, or remain. */
  | {
      readonly result: 'refuted';
      readonly obligation: Obligation;
      /** Where one document was compared by itself. */
      readonly document?: string;
      readonly witness: Request;
      readonly reasons: readonly Reason[];
    }
  /** Never acted on. */
  | {
      readonly result: 'undecided';
      readonly obligation: Obligation;
      readonly document?: string;
      readonly cause: string;
    };

/** Answers one question of `remains`. */
export type AskRemains = (
  step: StepSets,
  question: AccessQuestion,
  options?: { readonly resultOnly?: boolean },
) => Promise<Verdict>;

/**
 * Returns `proved` iff
 * - no document of the candidate allows by itself what no document of live does (what other documents deny or limit
 *   counts as allowed, since they may go);
 * - whatever a Deny of live matches, a Deny of the candidate does;
 * - whatever the limits of the candidate let through, those of live do; without a limit everything passes;
 * - no removed addition is granted by the candidate;
 * and with `eachDocument` the first three hold of each document by itself, except a limit that is removed while others
 * of its role remain. Together they say that whatever others grant, deny or limit, no request is granted that is not
 * granted now.
 */
export async function proveRestore(restore: Restore, ask: AskRemains): Promise<Proof> {
  let undecided: Proof | undefined;
  for (const { obligation, document, step, question } of tasksOf(restore)) {
    const verdict = await ask(step, question, { resultOnly: true });
    const where = { obligation, ...(document === undefined ? {} : { document }) };
    if (verdict.result === 'FAIL') {
      const { witness, reasons } = verdict;
      return { result: 'refuted', ...where, witness, reasons };
    }
    if (verdict.result === 'UNKNOWN') undecided ??= { result: 'undecided', ...where, cause: verdict.cause };
  }
  return undecided ?? { result: 'proved' };
}

const NEW_ACCESS: AccessQuestion = { check: 'no-new-access' };

type Task = {
  readonly obligation: Obligation;
  readonly document?: string;
  readonly step: StepSets;
  readonly question: AccessQuestion;
};

const NO_LESS: readonly { readonly obligation: Obligation; readonly question: AccessQuestion }[] = [
  { obligation: 'denies no less', question: { check: 'no-lost-deny' } },
  { obligation: 'limits no less', question: { check: 'no-lost-limit' } },
  { obligation: 'allows no more', question: { check: 'no-new-access', dormant: true } },
];

function* tasksOf({ live, candidate, removed, eachDocument = false }: Restore): Iterable<Task> {
  const [now, then] = [toPolicySet(live), toPolicySet(candidate)];
  // Of what adds up to a limit, a document that goes takes away what it lets through. What the others do was asked.
  const isMetByOthers = (obligation: Obligation, document: string) =>
    obligation === 'limits no less' &&
    !candidate.some(({ name }) => name === document) &&
    live.some(
      (gone) => gone.name === document && isLimit(gone) && candidate.some(({ role }) => role === gone.role),
    );
  for (const task of NO_LESS) yield { ...task, step: { before: now, after: then, live: undefined } };
  for (const document of eachDocument ? new Set([...live, ...candidate].map(({ name }) => name)) : []) {
    const only = (documents: readonly RoledPolicy[]) =>
      toPolicySet(documents.filter(({ name }) => name === document));
    for (const task of NO_LESS.filter(({ obligation }) => !isMetByOthers(obligation, document)))
      yield { ...task, document, step: { before: only(live), after: only(candidate), live: undefined } };
  }
  for (const { before, after, question = NEW_ACCESS } of removed)
    yield {
      obligation: 'nothing remains',
      step: { before: toSet(before), after: toSet(after), live: then },
      question,
    };
}

/** Returns true iff the document lets through or stops what others allow. */
export function isLimit({ role }: { readonly role: DocumentRole }): boolean {
  return role !== 'grant' && role !== 'resource';
}

/**
 * Returns the set that the documents of one target are. Those that limit are one limit: a principal has one boundary,
 * and control policies of one level add up.
 */
export function toPolicySet(documents: readonly RoledPolicy[]): PolicySet {
  const policies = documents.filter((document) => !isLimit(document));
  const limit = documents.filter(isLimit);
  return limit.length > 0 ? { policies, boundary: [{ policies: limit }] } : { policies };
}

/**
 * The largest text that can be built from a new one for which no-new-access against the existing one passes. It is
 * made of the new text: a Deny that went is added again, statements, then members of lists, then conditions are cut.
 * Nothing is trusted that is built here: the check decides of each piece, and once more of the whole.
 */
import type { Request } from '../evaluator/request.ts';
import type { Policy } from '../policy/ast.ts';
import type { StatementChange } from './describeChange.ts';
import {
  type Draft,
  narrowDocuments,
  type TightenEngine,
  Unwritable,
  withoutAllows,
} from './narrowDocuments.ts';
import { type RoledPolicy, toPolicySet } from './proveRestore.ts';
import type { AccessQuestion } from './remains.ts';
import type { Verdict } from './verdict.ts';

/** What is to be tightened. Names tell which document is which. */
export type Tighten = {
  /** The documents before: what the result may grant at most. */
  readonly existing: readonly RoledPolicy[];
  /** The documents as they are now. */
  readonly updated: readonly RoledPolicy[];
  /** Names of the documents that may be changed: those that a step touched. All if absent. */
  readonly touched?: readonly string[];
  /** White space aside, as IAM counts: a longer text is not written. No limit if absent. */
  readonly maxCharacters?: number;
};

/** A document as it should be written. */
export type TightenedDocument = {
  readonly name: string;
  readonly role: RoledPolicy['role'];
  /** Its `source` is the text. Undefined: the document should go, as before it was not there. */
  readonly policy: Policy | undefined;
  /** True iff the text is exactly the existing one. */
  readonly isExisting: boolean;
  /** What differs from the new text, in words. */
  readonly changes: readonly StatementChange[];
};

/** The tightened text, or why there is none. */
export type Tightened =
  | {
      readonly result: 'tightened';
      /** The documents that differ from the new ones, and those only. None iff the new ones pass as they are. */
      readonly documents: readonly TightenedDocument[];
      /** True iff what results is exactly what there was before. */
      readonly isExisting: boolean;
      /** True unless it is proved that whatever was granted before and is now stays granted. */
      readonly losesOld: boolean;
      /** A request that is lost. */
      readonly lost?: Request;
      /** PASS: no-new-access of the result against the existing documents. */
      readonly verdict: Verdict;
    }
  | { readonly result: 'declined'; readonly cause: string };

/**
 * Returns the tightened documents. Laws: what passes stays as it is; the result passes; what is lost is said. A text
 * that cannot be read in full is never rewritten, since what is odd in it could be lost.
 */
export async function tighten(request: Tighten, engine: TightenEngine): Promise<Tightened> {
  try {
    return await firstProved(request, engine);
  } catch (error) {
    if (error instanceof Unwritable) return declined(error.message);
    throw error;
  }
}

async function firstProved(request: Tighten, engine: TightenEngine): Promise<Tightened> {
  const { existing, updated, maxCharacters = Number.POSITIVE_INFINITY } = request;
  const unknown = [...existing, ...updated].find(({ policy }) => policy.source === '');
  if (unknown !== undefined) return declined(`the text of \`${unknown.name}\` is not known`);
  const isTouched = ({ name }: RoledPolicy) => request.touched?.includes(name) ?? true;
  const previous = [...updated.filter((one) => !isTouched(one)), ...existing.filter(isTouched)].map(asDraft);
  const before = toPolicySet(existing);
  const unchanged = updated.map(asDraft);
  const removed = [{ before, after: toPolicySet(updated) }];
  const candidates: (() => Promise<readonly Draft[]>)[] = [
    async () => unchanged,
    async () => previous,
    () => narrowDocuments({ existing, updated, isTouched }, engine),
    async () => withoutAllows({ existing, updated, isTouched }),
  ];
  let cause = 'no text could be built that passes';
  for (const make of candidates) {
    const candidate = await make();
    if (candidate.some(({ policy }) => policy.source.replace(/\s/gu, '').length > maxCharacters)) continue;
    // A text that allows less in one reading of AWS may allow more in the other.
    if (candidate !== unchanged) {
      const { result } = await engine.proveRestore({ live: updated, candidate, removed });
      if (result !== 'proved') continue;
    }
    const verdict = await passes(existing, candidate, engine);
    if (verdict.result === 'UNKNOWN') cause = `no text could be proved to pass: ${verdict.cause}`;
    if (verdict.result !== 'PASS') continue;
    return {
      result: 'tightened',
      documents: changedDocuments(candidate, request),
      isExisting: isSameContent(candidate, existing),
      ...(await losses(candidate, request, engine)),
      verdict,
    };
  }
  return declined(cause);
}

const declined = (cause: string): Tightened => ({ result: 'declined', cause });

const asDraft = (document: RoledPolicy): Draft => ({ ...document, changes: [] });

/** PASS iff neither the documents grant what the existing ones do not, nor their limits let it through. */
async function passes(
  existing: readonly RoledPolicy[],
  candidate: readonly RoledPolicy[],
  engine: TightenEngine,
): Promise<Verdict> {
  const [before, after] = [toPolicySet(existing), toPolicySet(candidate)];
  const step = { before, after, live: undefined };
  const limits = await engine.remains(step, { check: 'no-lost-limit' }, { resultOnly: true });
  return limits.result === 'PASS' ? engine.checkNoNewAccess(before, after) : limits;
}

/** What was granted before, is now, and is no longer; the same of what limits let through. */
async function losses(
  candidate: readonly RoledPolicy[],
  { existing, updated }: Tighten,
  engine: TightenEngine,
): Promise<{ readonly losesOld: boolean; readonly lost?: Request }> {
  const step = { before: toPolicySet(candidate), after: toPolicySet(existing), live: toPolicySet(updated) };
  const questions: AccessQuestion[] = [{ check: 'no-new-access' }, { check: 'no-lost-limit' }];
  let losesOld = false;
  for (const question of questions) {
    const verdict = await engine.remains(step, question);
    if (verdict.result === 'FAIL') return { losesOld: true, lost: verdict.witness };
    losesOld ||= verdict.result === 'UNKNOWN';
  }
  return { losesOld };
}

function changedDocuments(candidate: readonly Draft[], { existing, updated }: Tighten): TightenedDocument[] {
  const find = (documents: readonly RoledPolicy[], name: string) =>
    documents.find((one) => one.name === name);
  const sourceOf = (document: RoledPolicy | undefined) => document?.policy.source;
  const made = candidate
    .filter((draft) => sourceOf(find(updated, draft.name)) !== draft.policy.source)
    .map(({ name, role, policy, changes }) => ({
      name,
      role,
      policy,
      isExisting: sourceOf(find(existing, name)) === policy.source,
      changes,
    }));
  const gone = updated
    .filter(({ name }) => find(candidate, name) === undefined)
    .map(({ name, role }) => ({ name, role, policy: undefined, isExisting: true, changes: [] }));
  return [...made, ...gone];
}

function isSameContent(a: readonly RoledPolicy[], b: readonly RoledPolicy[]): boolean {
  const key = (documents: readonly RoledPolicy[]) =>
    JSON.stringify(documents.map(({ name, role, policy }) => [name, role, policy.source]).toSorted());
  return key(a) === key(b);
}

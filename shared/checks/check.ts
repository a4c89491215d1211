/** What a check is: which question it asks of each statement, and in which words it answers; and how a question is decided. */
import { decodeModel } from '../encoder/decodeModel.ts';
import { TooManyCases } from '../encoder/encodePattern.ts';
import type { EncodeOptions } from '../encoder/encodeStatement.ts';
import { linkedKeysOf } from '../encoder/linkedKeys.ts';
import { agreesWithPrincipal } from '../evaluator/linkedPrincipal.ts';
import type { Request } from '../evaluator/request.ts';
import type { Model, Question } from '../formula/formula.ts';
import type { Pattern, Policy, Statement } from '../policy/ast.ts';
import { documentsOf, type PolicySet } from '../policy/policySet.ts';
import type { Budget } from '../solver/budget.ts';
import type { Decided, Portfolio } from '../solver/portfolio.ts';
import { madePlain } from './madePlain.ts';
import type { Reason } from './verdict.ts';
import { spelledIn } from './witness.ts';

/** An Allow statement that may contribute to a FAIL, and the question that tells. */
export type Candidate = {
  readonly statement: Statement;
  /** Name of its document; undefined when a single document is judged. */
  readonly document: string | undefined;
  /** Satisfiable iff the statement contributes. Throws `TooManyCases`. */
  readonly question: () => Question;
  /** The same question of another statement in its place: a part of it. */
  readonly questionOf?: (part: Statement) => Question;
  /**
   * True iff a request that the check's `confirm` accepts is one of the question about the part, by the evaluator's word
   * alone. Absent: only deciders' models are tried.
   */
  readonly isOf?: (request: Request, part: Statement) => boolean;
};

/** A statement that contributes, and a request that shows it. */
export type Contribution = {
  readonly statement: Statement;
  /** Throws `TooManyCases` where the request is no model of a decider's. */
  readonly question: () => Question;
  readonly witness: Request;
};

/** One check, put into questions and words. */
export type Check = {
  readonly candidates: readonly Candidate[];
  /** True iff the request is one the check looks for, by the evaluator's word alone. */
  readonly confirm: (request: Request) => boolean;
  readonly passMessage: string;
  readonly failMessage: string;
  readonly describe: (statement: Statement) => string;
  /** Every policy that takes part: which keys a witness must show. */
  readonly policies: readonly Policy[];
  readonly linkPrincipal: boolean;
  /** The principal that was found says more than an everyday one would: a stranger must not look like the owner. */
  readonly keepPrincipal?: true;
  /** Denies that went away and so made the witness possible. Asked only after a FAIL. */
  readonly removedDenies?: (witness: Request) => readonly Reason[];
  /** The only actions that the check looks for, as it spells them; absent: any. */
  readonly listedActions?: readonly Pattern[];
  /** What the policy is on, as in CloudFormation, where that is known: not every call can be granted there. */
  readonly resourceType?: string;
  /** Remarks that are due on a PASS, each iff its question has a model. */
  readonly passNotes?: readonly { readonly text: string; readonly question: () => Question }[];
};

/** What deciding needs. */
export type Decider = {
  readonly portfolio: Portfolio;
  /** For all questions of the check together. */
  readonly budget: Budget;
  /** A FAIL whose requests AWS could not see is PASS, with a note. */
  readonly onlyPossible?: boolean;
  /** Only the result counts: see `AskOptions`. */
  readonly resultOnly?: boolean;
};

/** Returns the answer to a question by whoever knows; one that cannot be put into a formula is unknown. */
export async function decide(question: Pick<Candidate, 'question'>, decider: Decider): Promise<Decided> {
  const decided = await ask(question, decider);
  return decided.retry === undefined ? decided : decided.retry();
}

/** Returns the first answer to a question; one that cannot be put into a formula is unknown. */
export function ask(
  { question }: Pick<Candidate, 'question'>,
  { portfolio, budget }: Decider,
): Decided | Promise<Decided> {
  // To make a question can take as long as to answer it, and there may be thousands.
  const spent = budget.whySpent();
  if (spent !== undefined) return { answer: { kind: 'unknown', cause: spent }, decidedBy: 'atoms' };
  try {
    return portfolio.decide(question(), budget);
  } catch (error) {
    if (!(error instanceof TooManyCases)) throw error;
    return { answer: { kind: 'unknown', cause: error.message }, decidedBy: 'atoms' };
  }
}

/** Returns true iff it is proved that no candidate contributes. Finds no witness. */
export async function areUnsatisfiable(candidates: readonly Candidate[], decider: Decider): Promise<boolean> {
  for (const candidate of candidates) {
    const { answer } = await decide(candidate, decider);
    if (answer.kind !== 'unsat') return false;
  }
  return true;
}

/** Returns the request a model stands for, its action spelled as in the statement, iff the evaluator confirms it. */
export function confirmed(model: Model, check: Check, statement: Statement): Request | undefined {
  for (const one of [...madePlain(model), model]) {
    const decoded = decodeModel(one, decodeOptions(check));
    const witness = { ...decoded, action: spelledIn(statement, decoded.action) ?? decoded.action };
    if (check.confirm(witness)) return witness;
  }
  return undefined;
}

/**
 * Returns `confirm` of a check about the policies: with linked attributes only requests that say of their principal what
 * it is are made.
 */
export function confirmLinked(
  confirm: Check['confirm'],
  policies: readonly Policy[],
  { linkPrincipal }: EncodeOptions,
): Check['confirm'] {
  if (!linkPrincipal) return confirm;
  const keys = linkedKeysOf(policies);
  return (request) => agreesWithPrincipal(request, keys) && confirm(request);
}

/** Returns the options of a question about the policies: what names no principal has nothing to link. */
export function linkedWhere({ linkPrincipal }: EncodeOptions, policies: readonly Policy[]): EncodeOptions {
  return { linkPrincipal: linkPrincipal && policies.some(isOfResource) };
}

/** Returns true iff its statements name who may ask. */
export function isOfResource({ policyType }: Policy): boolean {
  return policyType === 'RESOURCE_POLICY';
}

/** Returns "with index: 2" or "with sid: AllowDeploy", as AWS puts it. */
export function which(statement: Statement): string {
  return statement.sid === undefined ? `with index: ${statement.index}.` : `with sid: ${statement.sid}.`;
}

/** Returns the statements of a set with that effect, each with its document's name when there is more than one document. */
export function statementsWith(
  effect: Statement['effect'],
  set: PolicySet,
): { statement: Statement; document: string | undefined }[] {
  const documents = documentsOf(set);
  return documents.flatMap(({ name, policy }) =>
    policy.statements
      .filter((statement) => statement.effect === effect)
      .map((statement) => ({ statement, document: documents.length > 1 || name !== '' ? name : undefined })),
  );
}

/** Returns every policy of the sets. */
export function policiesOf(...sets: readonly PolicySet[]): Policy[] {
  return sets.flatMap((set) => documentsOf(set).map(({ policy }) => policy));
}

/** Returns what a request of the check's shows beside its context. */
export function decodeOptions({ policies, linkPrincipal }: Check) {
  const withPrincipal = policies.some(isOfResource);
  return {
    withPrincipal,
    linkedKeys: linkPrincipal && withPrincipal ? linkedKeysOf(policies) : NO_KEYS,
  };
}

const NO_KEYS: ReadonlySet<string> = new Set();

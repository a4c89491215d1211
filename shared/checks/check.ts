/**
 * What every check does: ask one question a statement, collect the statements whose answer is yes, turn one answer
 * into a witness and have it confirmed. A check only says which question and which words.
 */
import { decodeModel } from '../encoder/decodeModel.ts';
import { TooManyCases } from '../encoder/encodePattern.ts';
import type { EncodeOptions } from '../encoder/encodeStatement.ts';
import { linkedKeysOf } from '../encoder/linkedKeys.ts';
import { agreesWithPrincipal } from '../evaluator/linkedPrincipal.ts';
import type { Request } from '../evaluator/request.ts';
import { and, member, not, text } from '../formula/build.ts';
import type { Model, Question } from '../formula/formula.ts';
import type { Pattern, Policy, Statement } from '../policy/ast.ts';
import { documentsOf, type PolicySet } from '../policy/policySet.ts';
import { couldBeMade } from '../reference/callers.ts';
import { needsNoCredentials } from '../reference/credentials.ts';
import { grantableBy, notRefusedBy } from '../reference/grantable.ts';
import { whyImpossible, withAnyKey } from '../reference/possible.ts';
import { loadReference, type Reference, withPartsLeftOut } from '../reference/reference.ts';
import type { Budget } from '../solver/budget.ts';
import type { Decided, Portfolio } from '../solver/portfolio.ts';
import type { Solver } from '../solver/solver.ts';
import { type Contribution, findPossible, makeable } from './findPossible.ts';
import { keysOf } from './keysOf.ts';
import { madePlain } from './madePlain.ts';
import type { Reason, Verdict } from './verdict.ts';
import { polishWitness, spelledIn } from './witness.ts';

/** An Allow statement that may contribute to a FAIL, and the question that tells. */
export type Candidate = {
  readonly statement: Statement;
  /** Name of its document; undefined when a single document is judged. */
  readonly document: string | undefined;
  /** Satisfiable iff the statement contributes. Throws `TooManyCases`. */
  readonly question: () => Question;
  /** The same question of another statement in its place: a part of it. */
  readonly questionOf?: (part: Statement) => Question;
};

/** Returns a function that makes the value at its first call: encoding may throw, and belongs inside a question. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

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

type Contributing = Contribution & { readonly candidate: Candidate };

/** Returns FAIL iff some candidate's question has a model that the evaluator confirms, PASS iff none has a model. */
export async function runCheck(check: Check, decider: Decider): Promise<Verdict> {
  const contributions = new Map<Candidate, Contributing>();
  const undecided = new Map<Candidate, string>();
  let decidedBy: Solver['name'] = 'atoms';
  const take = (candidate: Candidate, question: () => Question, { answer, decidedBy: by }: Decided) => {
    undecided.delete(candidate);
    if (by === 'z3') decidedBy = 'z3';
    const where = nameOf(candidate);
    if (answer.kind === 'unknown') undecided.set(candidate, `${where}: ${answer.cause}`);
    if (answer.kind !== 'sat') return;
    const witness = confirmed(answer.model, check, candidate.statement);
    const { statement } = candidate;
    if (witness !== undefined) {
      contributions.set(candidate, { candidate, statement, question: question(), witness });
    } else undecided.set(candidate, `${where}: the evaluator did not confirm the request that was found`);
  };
  const isEnough = () => decider.resultOnly === true && contributions.size > 0;
  // What the first decider knows is not lost to the time that another takes.
  const again: [Candidate, () => Question, () => Promise<Decided>][] = [];
  for (const candidate of check.candidates) {
    const question = once(candidate.question);
    const decided = await ask({ question }, decider);
    take(candidate, question, decided);
    if (isEnough()) break;
    if (decided.retry !== undefined) again.push([candidate, question, decided.retry]);
  }
  for (const [candidate, question, retry] of again) {
    if (isEnough() || decider.budget.whySpent() !== undefined) break;
    take(candidate, question, await retry());
  }
  const inOrder = <T>(found: ReadonlyMap<Candidate, T>) =>
    check.candidates.flatMap((candidate) => found.get(candidate) ?? []);
  const verdict = await toVerdict(check, inOrder(contributions), {
    undecided: inOrder(undecided),
    decidedBy,
    decider,
  });
  if (verdict.result !== 'PASS') return verdict;
  const notes = [...(verdict.notes ?? [])];
  for (const { text, question } of check.passNotes ?? []) {
    const { answer } = await decide({ question }, decider);
    if (answer.kind === 'sat') notes.push(text);
  }
  return notes.length > 0 ? { ...verdict, notes } : verdict;
}

/** Returns the answer to a question by whoever knows; one that cannot be put into a formula is unknown. */
export async function decide(question: Pick<Candidate, 'question'>, decider: Decider): Promise<Decided> {
  const decided = await ask(question, decider);
  return decided.retry === undefined ? decided : decided.retry();
}

function ask(
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

async function toVerdict(
  check: Check,
  contributions: readonly Contributing[],
  {
    undecided,
    decidedBy,
    decider,
  }: { undecided: readonly string[]; decidedBy: Solver['name']; decider: Decider },
): Promise<Verdict> {
  if (contributions.length === 0) {
    const [cause] = undecided;
    if (cause !== undefined) return unknown(cause, decidedBy);
    return { result: 'PASS', message: check.passMessage, reasons: [], decidedBy };
  }
  const [first] = contributions;
  const found =
    decider.resultOnly === true && first !== undefined
      ? { witness: first.witness, possible: true, note: undefined }
      : await toWitness(contributions, check, decider);
  const { witness, note } = found;
  // A statement that was not decided may grant what AWS could see.
  const possible = found.possible || undecided.length > 0;
  if (!possible && decider.onlyPossible === true) {
    return { result: 'PASS', message: check.passMessage, reasons: [], decidedBy, notes: [PASSED_NOTE] };
  }
  const removedDenies = decider.resultOnly === true ? [] : (check.removedDenies?.(witness) ?? []);
  const notes = [
    ...undecided.map((each) => `not decided for ${each}`),
    ...(possible ? [] : [IMPOSSIBLE_NOTE]),
    ...(note === undefined ? [] : [note]),
  ];
  return {
    result: 'FAIL',
    message: check.failMessage,
    reasons: contributions.map(({ candidate }) => toReason(candidate, check.describe)),
    witness,
    possible,
    decidedBy,
    ...(removedDenies.length > 0 ? { removedDenies } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function unknown(cause: string, decidedBy: Solver['name']): Verdict {
  return { result: 'UNKNOWN', message: 'The check could not be decided.', reasons: [], decidedBy, cause };
}

/** What is said of a FAIL whose requests AWS could not see. */
const IMPOSSIBLE_NOTE =
  'no documented AWS call could use it: there is no such action, it takes no such resource, or a condition key has no such value';

/** The same, where only possible requests count. */
const PASSED_NOTE = 'the policy allows such access on paper, but no documented AWS call could use it';

/** How often a witness is worth the time that another decider takes. */
const MAX_RETRIES = 3;

/**
 * Returns the request that a FAIL shows, as plain as simple changes make it: the most serious one that AWS could see;
 * where there is none, one that the reference does not list and nobody says that AWS refuses; where there is none either,
 * that of the first contribution, and `possible` is false. `note`: what a person should know of it.
 */
export async function toWitness(
  contributions: readonly Contribution[],
  check: Check,
  decider: Decider,
): Promise<{ readonly witness: Request; readonly possible: boolean; readonly note?: string }> {
  const [first] = contributions;
  if (first === undefined) throw new Error('a FAIL has a contribution');
  const whole = await loadReference();
  const reference = grantableBy(check.resourceType, whole);
  const { confirm, listedActions } = check;
  let retries = 0;
  const sought = {
    ask: async (question: Question) => {
      const decided = await ask({ question: () => question }, decider);
      return decided.retry === undefined || retries++ >= MAX_RETRIES
        ? decided.answer
        : (await decided.retry()).answer;
    },
    askFirst: async (question: Question) => (await ask({ question: () => question }, decider)).answer,
    propose: decider.portfolio.propose,
    budget: decider.budget,
    toRequest: (model: Model, statement: Statement) => confirmed(model, check, statement),
    confirm,
    ...(listedActions === undefined ? {} : { listedActions }),
    reference,
  };
  let taken = reference;
  let found = await findPossible(contributions, sought);
  if (found.kind === 'impossible') {
    // What the reference does not list proves nothing: not that an action's requests lack a key, nor that a type's ARNs
    // have a Region and an account throughout, nor that a policy is on no other type.
    const holdsUnlisted = contributions.some((one) => hasUnlistedKeys(one, reference));
    for (const wider of [
      ...(holdsUnlisted ? [withAnyKey(reference)] : []),
      withAnyKey(withPartsLeftOut(notRefusedBy(check.resourceType, whole))),
    ]) {
      taken = wider;
      found = await findPossible(contributions, { ...sought, reference: wider });
      if (found.kind !== 'impossible') break;
    }
  }
  const polishing = {
    actions: listedActions ?? [],
    // Keys that follow from the principal would no longer agree with another one.
    keepPrincipal: check.keepPrincipal === true || decodeOptions(check).linkedKeys.size > 0,
    reference,
  };
  if (found.kind === 'possible') {
    const { statement } = found.contribution;
    const { shapes } = found;
    const isPossible = (request: Request) =>
      confirm(request) && whyImpossible(request, taken) === undefined && couldBeMade(shapes, request);
    const signed = await signedRequest(found, { check, decider });
    const witness = polishWitness(signed ?? found.witness, { ...polishing, statement, confirm: isPossible });
    const unlisted = taken === reference ? undefined : whyImpossible(witness, reference);
    return {
      witness,
      possible: true,
      ...(unlisted === undefined
        ? {}
        : { note: `by the Service Authorization Reference, which does not list all, ${unlisted}` }),
    };
  }
  const witness = polishWitness(first.witness, { ...polishing, statement: first.statement, confirm });
  return found.kind === 'impossible'
    ? { witness, possible: false }
    : {
        witness,
        possible: true,
        note: `whether AWS could see such a request was not decided: ${found.cause}`,
      };
}

/** True iff a request of the question may hold a key that the reference gives to some actions alone. */
function hasUnlistedKeys({ question }: Contribution, reference: Reference): boolean {
  return [...keysOf(question.formula)].some((key) => !reference.key(key).everywhere);
}

/** Returns the same call by somebody with credentials, where the call found has none and needs them, and there is one. */
async function signedRequest(
  { contribution, witness }: { readonly contribution: Contribution; readonly witness: Request },
  { check, decider }: { readonly check: Check; readonly decider: Decider },
): Promise<Request | undefined> {
  const { action, resource, principal } = witness;
  if (principal?.type !== 'Anonymous' || needsNoCredentials(action)) return undefined;
  const { question, statement } = contribution;
  const formula = and([
    makeable(question, witness),
    member('action', [text(action.toLowerCase())]),
    member('resource', [text(resource)]),
    not(member('principal', [text('Anonymous:')])),
    question.formula,
  ]);
  const { answer } = await ask({ question: () => ({ ...question, formula }) }, decider);
  return answer.kind === 'sat' ? confirmed(answer.model, check, statement) : undefined;
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

function isOfResource({ policyType }: Policy): boolean {
  return policyType === 'RESOURCE_POLICY';
}

function toReason({ statement, document }: Candidate, describe: Check['describe']): Reason {
  return {
    description: describe(statement),
    statementIndex: statement.index,
    ...(statement.sid === undefined ? {} : { statementId: statement.sid }),
    ...(document === undefined ? {} : { document }),
  };
}

function nameOf({ statement, document }: Candidate): string {
  return document === undefined
    ? `statement ${statement.index}`
    : `statement ${statement.index} of \`${document}\``;
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

function decodeOptions({ policies, linkPrincipal }: Check) {
  const withPrincipal = policies.some(isOfResource);
  return {
    withPrincipal,
    linkedKeys: linkPrincipal && withPrincipal ? linkedKeysOf(policies) : NO_KEYS,
  };
}

const NO_KEYS: ReadonlySet<string> = new Set();

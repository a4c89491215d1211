/**
 * What every check does: try a request in each statement's own words, ask one question of each that has none, collect the
 * statements that contribute, and show the most telling request.
 */
import type { Request } from '../evaluator/request.ts';
import type { Question } from '../formula/formula.ts';
import type { Decided } from '../solver/portfolio.ts';
import type { Solver } from '../solver/solver.ts';
import {
  ask,
  type Candidate,
  type Check,
  type Contribution,
  confirmed,
  type Decider,
  decide,
} from './check.ts';
import { once } from './once.ts';
import { plainRequest } from './plainRequest.ts';
import { toWitness } from './toWitness.ts';
import type { Reason, Verdict } from './verdict.ts';

/** So many statements in a row without a request in their own words: the next will hardly have one, and trying takes as long as asking. */
const MAX_MISSES = 100;

type Contributing = Contribution & { readonly candidate: Candidate };

/** Returns FAIL iff a request of some candidate's question was found that the evaluator confirms, PASS iff none has a model. */
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
    if (witness !== undefined) contributions.set(candidate, { candidate, statement, question, witness });
    else undecided.set(candidate, `${where}: the evaluator did not confirm the request that was found`);
  };
  const isEnough = () => decider.resultOnly === true && contributions.size > 0;
  // What the first decider knows is not lost to the time that another takes.
  const again: [Candidate, () => Question, () => Promise<Decided>][] = [];
  let like: Request | undefined;
  let misses = 0;
  for (const candidate of check.candidates) {
    const { statement } = candidate;
    const question = once(candidate.question);
    const witness =
      misses < MAX_MISSES ? plainRequest({ ...candidate, part: statement, like }, check, decider) : undefined;
    misses++;
    if (witness !== undefined) {
      misses = 0;
      contributions.set(candidate, { candidate, statement, question, witness });
      if (isEnough()) break;
      continue;
    }
    const decided = await ask({ question }, decider);
    take(candidate, question, decided);
    if (isEnough()) break;
    like = contributions.get(candidate)?.witness ?? like;
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

/** Returns the verdict of a check that was not decided, and why. */
export function unknown(cause: string, decidedBy: Solver['name']): Verdict {
  return { result: 'UNKNOWN', message: 'The check could not be decided.', reasons: [], decidedBy, cause };
}

/** What is said of a FAIL whose requests AWS could not see. */
const IMPOSSIBLE_NOTE =
  'no documented AWS call could use it: there is no such action, it takes no such resource, or a condition key has no such value';

/** The same, where only possible requests count. */
const PASSED_NOTE = 'the policy allows such access on paper, but no documented AWS call could use it';

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

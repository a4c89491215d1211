/** The four checks as one engine: a policy in, a verdict out. */
import type { EncodeOptions } from '../encoder/encodeStatement.ts';
import type { Policy } from '../policy/ast.ts';
import { type PolicySet, toSet } from '../policy/policySet.ts';
import { type Budget, createBudget } from '../solver/budget.ts';
import { createPortfolio, type Portfolio, type SolverChoice } from '../solver/portfolio.ts';
import { type Access, accessNotGranted, whyNothingListed } from './accessNotGranted.ts';
import { areUnsatisfiable, type Check, type Decider } from './check.ts';
import type { TightenEngine } from './narrowDocuments.ts';
import { listNewAccess, type NewAccess } from './newAccess.ts';
import { noExternalAccess, type Trusted } from './noExternalAccess.ts';
import { addedCandidates, noNewAccess } from './noNewAccess.ts';
import { noPublicAccess } from './noPublicAccess.ts';
import { type Proof, proveRestore, type Restore } from './proveRestore.ts';
import { type AccessQuestion, remains, type Step, type StepSets } from './remains.ts';
import { runCheck, unknown } from './runCheck.ts';
import type { Tighten, Tightened } from './tighten.ts';
import { allReadings, underReadings } from './underReadings.ts';
import type { Verdict } from './verdict.ts';
import { type Sides, surely } from './withinBounds.ts';

export type { TrustedProvider } from '../policy/trustedProviders.ts';
export { type Budget, createBudget } from '../solver/budget.ts';
export type { Access } from './accessNotGranted.ts';
export type { Check } from './check.ts';
export type { StatementChange } from './describeChange.ts';
export type { NewAccess, NewAccessPiece } from './newAccess.ts';
export type { Trusted } from './noExternalAccess.ts';
export type { DocumentRole, Obligation, Proof, Restore, RoledPolicy } from './proveRestore.ts';
export type { AccessQuestion, Step } from './remains.ts';
export type { Tighten, Tightened, TightenedDocument } from './tighten.ts';

/** What is wanted of one question. */
export type AskOptions = {
  /**
   * True: the result, and no more than it takes. A FAIL then has the first request that the evaluator confirmed, the
   * statement that grants it as its only reason, no removed Denies, and counts as possible, since nobody looked. With
   * `onlyPossible` the result hangs on that, and this changes nothing.
   */
  readonly resultOnly?: boolean;
};

/** The four checks over one set of solvers, kept from question to question. Answers can be awaited together. */
export type Engine = {
  /** FAIL iff some request is granted by `updated` and not by `existing`. */
  checkNoNewAccess(existing: Policy | PolicySet, updated: Policy | PolicySet): Promise<Verdict>;
  /** Returns the distinct pieces of new access, each with its witness; see `NewAccess`. */
  listNewAccess(existing: Policy | PolicySet, updated: Policy | PolicySet): Promise<NewAccess>;
  /** FAIL iff some request is granted that one of `access` lists. UNKNOWN rather than PASS where one lists nothing. */
  checkAccessNotGranted(
    policy: Policy | PolicySet,
    access: readonly Access[],
    options?: AskOptions,
  ): Promise<Verdict>;
  /** FAIL iff the policy grants to someone whom nothing in it fixes. `resourceType` as in CloudFormation. */
  checkNoPublicAccess(policy: Policy | PolicySet, resourceType: string): Promise<Verdict>;
  /** FAIL iff the policy grants to a principal outside the zone of trust. */
  checkNoExternalAccess(policy: Policy | PolicySet, trusted: Trusted): Promise<Verdict>;
  /**
   * FAIL iff some request of the question (any, if absent) is granted by `live`, was granted by `after` and not by
   * `before`: what the change added remains. Without `live`: FAIL iff the change added such a request at all.
   */
  remains(step: Step, question?: AccessQuestion, options?: AskOptions): Promise<Verdict>;
  /**
   * `proved` iff writing `candidate` in place of `live` only tightens: it allows no more, denies no less, limits no
   * less, and nothing of the removed additions remains. See `Proof`.
   */
  proveRestore(restore: Restore): Promise<Proof>;
  /**
   * The largest documents that can be built from `updated` for which no-new-access against `existing` passes, with
   * what was taken out; or why there are none. What passes stays as it is.
   */
  tighten(request: Tighten): Promise<Tightened>;
  /** Ends the solvers. The engine can be used again afterwards; they then start anew. */
  close(): Promise<void>;
};

/** An engine of its own solvers. */
export type WholeEngine = Engine & {
  /** Returns the same engine, whose checks also spend from `budget`: one for all checks of a message. */
  within(budget: Budget): Engine;
};

/** How an engine decides; every option may be left out. */
export type EngineOptions = {
  /** `auto`: the finite decider, and Z3 for what it declines. */
  readonly solver?: SolverChoice;
  /** Milliseconds for one check with all its questions, 10,000 if absent. Beyond them it is UNKNOWN. */
  readonly timeoutMs?: number;
  /** Steps of search for one check, 10,000,000 if absent: the same answer on every machine. Beyond them it is UNKNOWN. */
  readonly maxSteps?: number;
  /** `aws:PrincipalAccount`, `aws:PrincipalArn` and `aws:PrincipalType` follow from the principal, in the two API checks too. */
  readonly linkPrincipal?: boolean;
  /** A FAIL that no call AWS documents makes use of is PASS, with a note. */
  readonly onlyPossible?: boolean;
};

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_STEPS = 10_000_000;
const NOTHING: PolicySet = { policies: [] };

/** Returns an engine. Z3 is loaded only when a question needs it. */
export function createEngine(options: EngineOptions = {}): WholeEngine {
  const portfolio = createPortfolio(options.solver ?? 'auto', async () => {
    const { createZ3Solver } = await import('../solver/z3/z3Solver.ts');
    return createZ3Solver();
  });
  return { ...engineOver(portfolio, options), within: (budget) => engineOver(portfolio, options, budget) };
}

function engineOver(portfolio: Portfolio, options: EngineOptions, whole?: Budget): Engine {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxSteps = DEFAULT_MAX_STEPS, onlyPossible = false } = options;
  const encode: EncodeOptions = { linkPrincipal: options.linkPrincipal ?? false };
  const start = ({ resultOnly = false }: AskOptions = {}): Decider => ({
    portfolio,
    budget: createBudget({ steps: maxSteps, timeoutMs }, whole),
    onlyPossible,
    resultOnly: resultOnly && !onlyPossible,
  });
  /** One budget for a check under all its readings. */
  const judge = <S extends Sides>(sides: S, check: (sides: S) => Check, ask?: AskOptions) => {
    const decider = start(ask);
    return underReadings(sides, (one) => runCheck(check(one), decider));
  };
  const ofPolicy = (policy: Policy | PolicySet, check: (set: PolicySet) => Check, ask?: AskOptions) =>
    judge({ granted: [toSet(policy)], refused: [] } as const, ({ granted: [set] }) => check(set), ask);
  const ofPair = (existing: Policy | PolicySet, updated: Policy | PolicySet) =>
    ({ granted: [toSet(updated)], refused: [toSet(existing)] }) as const;
  const newAccess = ({ granted: [after], refused: [before] }: ReturnType<typeof ofPair>) =>
    noNewAccess(before, after, encode);
  const askRemains = ({ before, after, live }: StepSets, question: AccessQuestion, ask?: AskOptions) => {
    const granted = [after, ...(live === undefined ? [] : [live])];
    const check = ({ granted: [added = NOTHING, now], refused: [was = NOTHING] }: Sides) =>
      remains({ before: was, after: added, live: now }, question, encode);
    return judge({ granted, refused: [before] }, check, ask);
  };
  const checkNoNewAccess = (existing: Policy | PolicySet, updated: Policy | PolicySet, ask?: AskOptions) =>
    judge(ofPair(existing, updated), newAccess, ask);
  const prove: Engine['proveRestore'] = (restore) => proveRestore(restore, askRemains);
  /** One budget for all pieces of a text: once it is spent, what is left of the text is not proved and goes. */
  const createIsNone = (): TightenEngine['isNone'] => {
    const decider = start();
    return async ({ before = NOTHING, after, live }) => {
      // What is unread is there under its fact: nothing is found whatever the facts are.
      const sides: Sides = { granted: [live, ...(after === undefined ? [] : [after])], refused: [before] };
      for (const { granted, refused } of allReadings(sides)) {
        const [now = NOTHING, then] = granted;
        const added = { before: refused, live: [now], ...(then === undefined ? {} : { after: [then] }) };
        if (!(await areUnsatisfiable(addedCandidates(added, encode), decider))) return false;
      }
      return true;
    };
  };
  return {
    checkNoNewAccess: (existing, updated) => checkNoNewAccess(existing, updated),
    listNewAccess: (existing, updated) => {
      const decider = start();
      return listUnderReadings(ofPair(existing, updated), (sides) =>
        listNewAccess(newAccess(sides), decider),
      );
    },
    checkAccessNotGranted: async (policy, access, ask) => {
      const verdict = await ofPolicy(policy, (set) => accessNotGranted(set, access, encode), ask);
      const cause = verdict.result === 'PASS' ? whyNothingListed(access) : undefined;
      return cause === undefined ? verdict : unknown(cause, verdict.decidedBy);
    },
    checkNoPublicAccess: (policy, resourceType) =>
      ofPolicy(policy, (set) => noPublicAccess(set, resourceType)),
    checkNoExternalAccess: (policy, trusted) => ofPolicy(policy, (set) => noExternalAccess(set, trusted)),
    remains: ({ before, after, live }, question = { check: 'no-new-access' }, ask) =>
      askRemains(
        { before: toSet(before), after: toSet(after), live: live === undefined ? live : toSet(live) },
        question,
        ask,
      ),
    proveRestore: prove,
    // Loaded with the first restore.
    tighten: async (request) =>
      (await import('./tighten.ts')).tighten(request, {
        checkNoNewAccess: (existing, updated) => checkNoNewAccess(existing, updated, { resultOnly: true }),
        remains: askRemains,
        proveRestore: prove,
        isNone: createIsNone(),
      }),
    close: () => portfolio.close(),
  };
}

/** The pieces of every reading, each once; of what is surely granted, where not all could be read. */
async function listUnderReadings<S extends Sides>(
  sides: S,
  list: (sides: S) => Promise<NewAccess>,
): Promise<NewAccess> {
  const pieces = new Map<string, NewAccess['pieces'][number]>();
  let cut = false;
  for (const reading of allReadings(surely(sides))) {
    const listed = await list(reading);
    cut ||= listed.cut;
    for (const piece of listed.pieces) {
      const word = wordOfPiece(piece);
      if (!pieces.has(word)) pieces.set(word, piece);
    }
  }
  return { pieces: [...pieces.values()], cut };
}

function wordOfPiece({ witness: _, possible: __, ...piece }: NewAccess['pieces'][number]): string {
  return JSON.stringify(piece);
}

/**
 * The most serious request that AWS could see among those that a check looks for. It asks level by level, and within
 * a level group by group of actions that take the same. A group is first tried with a plain request, which the
 * evaluator confirms or not, then put to the deciders with all that the group's requests must be: so "there is none"
 * is proved.
 */
import { TooManyCases } from '../encoder/encodePattern.ts';
import type { Request } from '../evaluator/request.ts';
import { and, FALSE, member, not, or, present, text } from '../formula/build.ts';
import type { Formula, Glob, Model, Question } from '../formula/formula.ts';
import { PARTITIONS } from '../policy/arn.ts';
import type { Pattern, Statement } from '../policy/ast.ts';
import { inPartitions, isInPartition } from '../reference/arnParts.ts';
import { callersHolding, couldBeMade, heldTogether } from '../reference/callers.ts';
import { grantableBy, TRUST_POLICY } from '../reference/grantable.ts';
import {
  ACTION_NAMED,
  mayHold,
  possibleFormula,
  type ResourceChoice,
  typesOf,
  whyImpossible,
} from '../reference/possible.ts';
import { LEVELS, type Reference } from '../reference/reference.ts';
import { wellShaped } from '../reference/shapes.ts';
import type { Budget } from '../solver/budget.ts';
import type { Portfolio } from '../solver/portfolio.ts';
import type { Answer } from '../solver/solver.ts';
import { type CallGroup, type Calls, callsOf, choiceFor, isOfTrust, leaves } from './calls.ts';
import type { Contribution } from './check.ts';
import { fewActions } from './fewActions.ts';
import { createInquiry, type Inquiry } from './inquiry.ts';
import { keysOf } from './keysOf.ts';
import { once } from './once.ts';
import { plainResources, spelledIn } from './witness.ts';

/** What is looked for, and who tells. */
type Sought = {
  readonly ask: (question: Question) => Answer | Promise<Answer>;
  /** The first decider's word, where that is worth having and no more. */
  readonly askFirst: (question: Question) => Answer | Promise<Answer>;
  /** Who may propose requests before anybody is asked; see `Portfolio`. */
  readonly propose?: Portfolio['propose'] | undefined;
  readonly budget: Budget;
  /** The request of a model, iff the evaluator confirms it. */
  readonly toRequest: (model: Model, statement: Statement) => Request | undefined;
  /** True iff the request is one that the check looks for, by the evaluator's word alone. */
  readonly confirm: (request: Request) => boolean;
  /** The only actions looked for; absent: any. */
  readonly listedActions?: readonly Pattern[];
  readonly reference: Reference;
};

type PossibleAnswer<C extends Contribution> =
  /** `shapes`: see `makeable`. */
  | {
      readonly kind: 'possible';
      readonly contribution: C;
      readonly witness: Request;
      readonly shapes: Formula;
    }
  | { readonly kind: 'impossible' }
  /** `cause`: one sentence, which bound or which construct. */
  | { readonly kind: 'unknown'; readonly cause: string };

/** Beyond so many plain requests none is tried any more: most would not do. */
const MAX_GUESSES = 24;
const MAX_ACTIONS = 3;
/** Actions that are asked about together. */
const MAX_TOGETHER = 300;
/** Groups that are asked about together with what each takes. */
const MAX_GROUPS = 24;

/**
 * Returns a possible request of the most serious level that has one; `impossible` iff no contribution has any. A proposed
 * request needs nobody's word, since the evaluator confirms it; that there is none does.
 */
export async function findPossible<C extends Contribution>(
  contributions: readonly C[],
  sought: Sought,
): Promise<PossibleAnswer<C>> {
  const { propose, budget } = sought;
  if (propose !== undefined) {
    const ask = (question: Question) => propose(question, budget);
    const proposed = await findAsked(contributions, { ...sought, ask, askFirst: ask });
    if (proposed.kind === 'possible') return proposed;
  }
  return findAsked(contributions, sought);
}

async function findAsked<C extends Contribution>(
  contributions: readonly C[],
  sought: Sought,
): Promise<PossibleAnswer<C>> {
  const inquiry = createInquiry(sought.ask);
  const usual = partitionsOf(contributions);
  if (contributions.every(({ statement }) => isOfTrust(statement))) {
    // Where the policy may be a role's, assuming the role says most.
    const reference = grantableBy(TRUST_POLICY, sought.reference);
    const assuming = await findIn(usual, contributions, { ...sought, inquiry, reference });
    if (assuming.kind === 'possible') return assuming;
  }
  const found = await findIn(usual, contributions, { ...sought, inquiry });
  return found.kind === 'impossible' && inquiry.hasPassedOver()
    ? findIn(PARTITIONS, contributions, { ...sought, inquiry })
    : found;
}

/** The usual partition, as long as the statements name no other: nobody's calls reach several. */
function partitionsOf(contributions: readonly Contribution[]): readonly string[] {
  const namesOther = contributions.some(({ statement: { resource } }) =>
    resource?.patterns.some((pattern) => {
      const [token] = pattern.kind === 'arn' ? pattern.parts[1] : [];
      return token?.kind === 'text' && token.text !== 'aws';
    }),
  );
  return namesOther ? PARTITIONS : ['aws'];
}

async function findIn<C extends Contribution>(
  partitions: readonly string[],
  contributions: readonly C[],
  sought: Sought & { readonly inquiry: Inquiry },
): Promise<PossibleAnswer<C>> {
  const { inquiry } = sought;
  const parts: Part<C>[] = [];
  for (const contribution of contributions) {
    const { statement } = contribution;
    const listed =
      sought.listedActions ?? (await asFarAsAsked(inquiry, () => fewActions(contribution, sought.askFirst)));
    parts.push({
      contribution,
      calls: callsOf(statement, listed, sought.reference),
      search: createSearch(contribution, { ...sought, partitions }),
    });
  }
  // What AWS lists comes before what only its guides and policies show.
  for (const choices of [['listed', 'none'], ['further']] as const) {
    for (let level = 0; level < LEVELS.length; level++) {
      // A request on a resource says more than one without, where an action leaves the choice.
      for (const choice of choices) {
        for (const { contribution, calls, search } of parts) {
          for (const groups of callsAt(level, choice, calls)) {
            const witness = await asFarAsAsked(inquiry, () => search.ofCalls(groups, choice));
            if (witness !== undefined) {
              return { kind: 'possible', contribution, witness, shapes: search.shapes() };
            }
          }
        }
      }
    }
  }
  for (const { contribution, calls, search } of parts) {
    const witness = await asFarAsAsked(inquiry, async () => {
      const named = unlistedIn(contribution.question().formula, sought.reference);
      const unlisted = or([calls.unlisted() ?? FALSE, member('action', named)]);
      return unlisted.kind === 'false' ? undefined : search.of(and([unlisted, ACTION_NAMED]));
    });
    if (witness !== undefined) return { kind: 'possible', contribution, witness, shapes: search.shapes() };
  }
  const cause = inquiry.openCause();
  return cause === undefined ? { kind: 'impossible' } : { kind: 'unknown', cause };
}

/** Returns what is found; a question that cannot be put into a formula is left open. */
async function asFarAsAsked<T>(inquiry: Inquiry, find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof TooManyCases)) throw error;
    inquiry.leaveOpen(error.message);
    return undefined;
  }
}

type Part<C> = {
  readonly contribution: C;
  readonly calls: Calls;
  readonly search: Search;
};

/** The actions that the formula spells and the reference lacks: a Deny that went may have named one. */
function unlistedIn(formula: Formula, reference: Reference): Glob[] {
  const found = new Map<string, Glob>();
  const collect = (part: Formula): void => {
    if (part.kind === 'and' || part.kind === 'or') for (const arg of part.args) collect(arg);
    else if (part.kind === 'not') collect(part.arg);
    else if (part.kind === 'member' && part.attribute === 'action') {
      for (const glob of part.globs) {
        const [token, ...others] = glob;
        if (token?.kind !== 'text' || others.length > 0) continue;
        const name = token.text.toLowerCase();
        if (reference.service(name.split(':')[0] ?? '')?.actions.has(name) !== true) found.set(name, glob);
      }
    }
  };
  collect(formula);
  return [...found.values()];
}

/** The groups of the level whose requests leave that choice, so many together; those without any resource come first. */
function* callsAt(
  level: number,
  choice: ResourceChoice,
  { services }: Calls,
): Iterable<readonly CallGroup[]> {
  let calls: CallGroup[] = [];
  let names = 0;
  for (const service of services) {
    if (!service.summary.levels.includes(level)) continue;
    for (const call of service.groups(level)) {
      if (!leaves(call, choice)) continue;
      calls.push(call);
      names += call.actions.length;
    }
    if (names < MAX_TOGETHER) continue;
    yield calls;
    calls = [];
    names = 0;
  }
  if (calls.length > 0) yield calls;
}

/**
 * Returns a formula that is true iff a request of the question could be made, by its values and by who its caller is.
 * Where no principal is asked about, anybody may be the caller.
 */
export function makeable({ formula }: Question, { principal }: Request): Formula {
  const keys = [...keysOf(formula)];
  const callers = principal === undefined ? [] : [callersHolding(keys, formula)];
  return and([wellShaped(formula), heldTogether(keys), ...callers]);
}

type Search = {
  /** What the values and the caller of each request are like; see `makeable`. */
  readonly shapes: () => Formula;
  /** A confirmed request that also meets the formula. */
  of(formula: Formula): Promise<Request | undefined>;
  /** A confirmed request of one of the groups that AWS could see. */
  ofCalls(calls: readonly CallGroup[], choice: ResourceChoice): Promise<Request | undefined>;
};

function createSearch(
  contribution: Contribution,
  {
    toRequest,
    confirm,
    inquiry,
    reference,
    partitions,
  }: Sought & { readonly inquiry: Inquiry; readonly partitions: readonly string[] },
): Search {
  const { statement, witness } = contribution;
  let guessed = 0;
  // Most searches end before they ask.
  const asked = once(() => {
    const question = contribution.question();
    return { question, shapes: makeable(question, witness), keys: [...keysOf(question.formula)] };
  });
  const of = async (formula: Formula): Promise<Request | undefined> => {
    const { question, shapes } = asked();
    const answer = await inquiry.ask({ ...question, formula: and([formula, shapes, question.formula]) });
    if (answer?.kind !== 'sat') return undefined;
    // Hardly any question tells partitions apart, so only then is it asked with them.
    if (!isInPartition(answer.model.scalars.resource, partitions)) {
      inquiry.passOver();
      return of(and([inPartitions(partitions), formula]));
    }
    const found = toRequest(answer.model, statement);
    if (found === undefined) inquiry.leaveOpen('the evaluator did not confirm the request that was found');
    return found;
  };
  const guess = (call: CallGroup, choice: ResourceChoice) => {
    // Before the next is made: making one takes longer than trying it.
    if (guessed >= MAX_GUESSES) return undefined;
    for (const request of guesses(contribution, call, choice)) {
      if (guessed++ >= MAX_GUESSES) return undefined;
      if (!confirm(request) || whyImpossible(request, reference) !== undefined) continue;
      if (!isInPartition(request.resource, partitions)) inquiry.passOver();
      else if (couldBeMade(asked().shapes, request)) return request;
    }
    return undefined;
  };
  return {
    shapes: () => asked().shapes,
    of,
    async ofCalls(calls, choice) {
      for (const call of calls) {
        const found = guess(call, choice);
        if (found !== undefined) return found;
      }
      const { keys } = asked();
      let pending = calls;
      while (pending.length > 0) {
        // Which of them the check looks for at all is one question; most often it is none.
        const sought =
          pending.length === 1
            ? witness
            : await of(and([actionOf(pending), resourceOf(pending, choice), ...keysHeldBy(pending, keys)]));
        if (sought === undefined) return undefined;
        const folded = sought.action.toLowerCase();
        const call =
          pending.find(({ actions }) => actions.some((action) => action.toLowerCase() === folded)) ??
          pending[0];
        if (call === undefined) return undefined;
        const found = await of(exactly([call], choice, keys));
        if (found !== undefined) return found;
        // What is looked for is hard to tell by the action; then each group is asked about with what it takes.
        const others = pending.filter((other) => other !== call);
        pending = [];
        for (let at = 0; at < others.length; at += MAX_GROUPS) {
          const some = await of(exactly(others.slice(at, at + MAX_GROUPS), choice, keys));
          if (some !== undefined) return some;
        }
      }
      return undefined;
    },
  };

  /** A call of one of the groups that AWS could see. */
  function exactly(calls: readonly CallGroup[], choice: ResourceChoice, keys: readonly string[]): Formula {
    return or(
      calls.map((call) =>
        and([actionOf([call]), possibleFormula(call.group, choiceFor(call, choice), { reference, keys })]),
      ),
    );
  }

  /** Of the keys that not every action has, a request holds one only where its action may have it. */
  function keysHeldBy(calls: readonly CallGroup[], keys: readonly string[]): Formula[] {
    return keys.flatMap((key) => {
      const having = calls.filter(({ group }) => mayHold(group, reference.key(key)));
      return having.length === calls.length ? [] : [or([not(present(key)), actionOf(having)])];
    });
  }
}

/**
 * Plain requests of the group. Only some: the deciders find what these miss. No closure: V8 gives each generator function
 * that is made a hidden class of its own, which holds what it sees until the next full collection.
 */
function* guesses(
  { statement, witness }: Contribution,
  call: CallGroup,
  choice: ResourceChoice,
): Iterable<Request> {
  const { group, actions } = call;
  for (const action of actions.slice(0, MAX_ACTIONS)) {
    const spelled = spelledIn(statement, action) ?? action;
    if (choiceFor(call, choice) === 'none') yield { ...witness, action: spelled, resource: '*' };
    else {
      for (const resource of plainResources(typesOf(group, choice), statement, witness)) {
        yield { ...witness, action: spelled, resource };
      }
    }
  }
}

function actionOf(calls: readonly CallGroup[]): Formula {
  return member(
    'action',
    calls.flatMap(({ actions }) => actions.map((action) => text(action.toLowerCase()))),
  );
}

/** What any of them could name: more than each does, and quick to rule out. */
function resourceOf(calls: readonly CallGroup[], choice: ResourceChoice): Formula {
  const naming = calls.filter((call) => choiceFor(call, choice) !== 'none');
  const types = new Set(naming.flatMap(({ group }) => typesOf(group, choice).map(({ type }) => type)));
  const globs = [...types].flatMap((type) => type.globs);
  return member('resource', naming.length < calls.length ? [text('*'), ...globs] : globs);
}

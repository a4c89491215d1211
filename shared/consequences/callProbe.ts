/**
 * Can a principal make a call, and on what? Asked of everything it can do, boundary and Denies included.
 *
 * What narrows a call beyond action and resource (the service a role is passed to, which policy is attached, not
 * itself) is said as one more Deny beside the principal's documents, so the checks need no question of their own.
 */

import type { Engine } from '../checks/index.ts';
import { once } from '../checks/once.ts';
import { sameWords } from '../checks/unsettled.ts';
import type { Verdict } from '../checks/verdict.ts';
import { matchPattern } from '../evaluator/matchPattern.ts';
import type { Request } from '../evaluator/request.ts';
import { parseArn } from '../policy/arn.ts';
import type { ResourcePattern, Statement } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import { parseListedResource } from '../policy/parseResource.ts';
import { documentsOf, limitsOf, type NamedPolicy, type PolicySet } from '../policy/policySet.ts';

/** A call that is granted. */
export type GrantedCall = {
  /** Returns the request to show: one that AWS could see, where there is one. Looked for at the first call. */
  readonly show: () => Promise<Request>;
  /** False iff the engine could not decide; then the request is only what was asked. */
  readonly isDecided: boolean;
};

/** What is asked about one call. */
type CallQuestion = {
  readonly action: string;
  /** ARN patterns, ORed. Absent: any resource. */
  readonly resources?: readonly string[];
  /** Only as statements grant it whoever the caller is: a variable stands for no name that is asked about. */
  readonly isWhoever?: boolean;
  /** Statements of Denies that narrow the call. */
  readonly except?: readonly object[];
};

export type CallProbe = {
  /** Returns true iff some Allow names the action; false needs no engine. */
  mentions(action: string): boolean;
  /** Returns the resources that Allows of the action name, as written; `*` where one names none or excludes some. */
  resourcesOf(action: string): readonly string[];
  /**
   * Returns true only if whatever calls of the actions are granted there are granted here: no Allow there names one in
   * words that are not here, and nothing stops requests here that stops none there. Needs no engine.
   */
  covers(other: CallProbe, actions: readonly string[]): boolean;
  /** Allows that name the action. */
  allowsOf(action: string): readonly Statement[];
  readonly set: PolicySet;
  /** Returns the call iff some request of it is granted, other than on another service's resources of which AWS says that it takes none. */
  grants(question: CallQuestion): Promise<GrantedCall | undefined>;
};

/** Returns the probe of a set. Equal questions are asked once. */
export function createCallProbe(set: PolicySet, engine: Asker): CallProbe {
  const allows = set.policies.flatMap(({ policy }) =>
    policy.statements.filter(({ effect }) => effect === 'Allow'),
  );
  const byService = new Map<string, readonly Statement[]>();
  const naming = new Map<string, readonly Statement[]>();
  const allowsOf = (action: string) => {
    let statements = naming.get(action);
    if (statements === undefined) {
      const [service = ''] = action.split(':', 1);
      let ofService = byService.get(service);
      if (ofService === undefined) {
        ofService = allows.filter((statement) => namesService(statement, service));
        byService.set(service, ofService);
      }
      statements = ofService.filter((statement) => namesAction(statement, action));
      naming.set(action, statements);
    }
    return statements;
  };
  const resourcesOf = (action: string) => {
    const texts = allowsOf(action).flatMap(({ resource }) =>
      resource === undefined || resource.negated ? ['*'] : resource.patterns.map(textOf),
    );
    return [...new Set(texts)];
  };
  const answers = new Map<string, Promise<GrantedCall | undefined>>();
  const stoppedThere = new Map<CallProbe, boolean>();
  return {
    set,
    allowsOf,
    mentions: (action) => allowsOf(action).length > 0,
    covers(other, actions) {
      let isStopped = stoppedThere.get(other);
      if (isStopped === undefined) {
        isStopped = hasAllStopsOf(set, other.set);
        stoppedThere.set(other, isStopped);
      }
      return isStopped && actions.every((action) => areAmong(other.allowsOf(action), allowsOf(action)));
    },
    resourcesOf,
    grants(question) {
      const key = JSON.stringify(question);
      let answer = answers.get(key);
      if (answer === undefined) {
        const isLikely =
          question.resources !== undefined || isNear(question.action, resourcesOf(question.action));
        const narrowed = narrowedTo(set, question.action, allowsOf(question.action));
        answer = ask(question, { key, narrowed, engine, isLikely });
        answers.set(key, answer);
      }
      return answer;
    },
  };
}

/** False only if each resource is of another service than the action. */
function isNear(action: string, resources: readonly string[]): boolean {
  const [service = ''] = action.split(':', 1);
  return resources.some((resource) => {
    const owner = parseArn(resource).service;
    return owner === '' || owner === service || /[*?$]/.test(owner);
  });
}

/** Each of the statements stands among the others, in the same words. */
function areAmong(statements: readonly Statement[], others: readonly Statement[]): boolean {
  const known = new Set(others);
  return statements.every((one) => known.has(one) || others.some((other) => sameWords(one, other)));
}

/** No Deny and no boundary of the one set is missing in the other. */
function hasAllStopsOf(one: PolicySet, other: PolicySet): boolean {
  const denies = ({ policies }: PolicySet) =>
    policies.flatMap(({ policy }) => policy.statements.filter(({ effect }) => effect === 'Deny'));
  const limits = ({ boundary }: PolicySet) =>
    limitsOf({ policies: [], ...(boundary && { boundary }) }).map((limit) =>
      documentsOf(limit).flatMap(({ policy }) => policy.statements),
    );
  const [then, now] = [limits(one), limits(other)];
  const isLimited = then.every((limit) => now.some((same) => areAmong(limit, same) && areAmong(same, limit)));
  return isLimited && areAmong(denies(one), denies(other));
}

async function ask(
  { action, resources, except, isWhoever = false }: CallQuestion,
  {
    key,
    narrowed,
    engine,
    isLikely,
  }: {
    /** The question in one text. */
    readonly key: string;
    readonly narrowed: PolicySet;
    readonly engine: Asker;
    readonly isLikely: boolean;
  },
): Promise<GrantedCall | undefined> {
  // A text that names no resource is in no request.
  if (resources?.every((text) => parseListedResource(text).length === 0)) return undefined;
  const access = { actions: [action], ...(resources === undefined ? {} : { resources }) };
  const words = `${key} ${wordsOfSet(narrowed)}`;
  const beside = () => {
    const set = isWhoever ? forWhoever(narrowed) : narrowed;
    return except === undefined || except.length === 0
      ? set
      : { ...set, policies: [...set.policies, denials(except)] };
  };
  const verdict = await askOnce(engine, `result ${words}`, () =>
    engine.checkAccessNotGranted(beside(), [access], { resultOnly: true }),
  );
  switch (verdict.result) {
    case 'PASS':
      return undefined;
    case 'FAIL': {
      const { witness } = verdict;
      const look = once(() =>
        askOnce(engine, `shown ${words}`, () => engine.checkAccessNotGranted(beside(), [access])),
      );
      const show = async () => {
        const shown = await look();
        return shown.result === 'FAIL' ? shown.witness : witness;
      };
      // Everything on the objects of a bucket is no call on anything else.
      if (!isLikely) {
        const shown = await look();
        if (shown.result === 'FAIL' && !shown.possible) return undefined;
      }
      return { show, isDecided: true };
    }
    // Whoever could not be shown to be unable counts as able: nothing is hidden by a limit.
    case 'UNKNOWN':
      return {
        show: async () => ({ action, resource: resources?.[0] ?? '*', context: {} }),
        isDecided: false,
      };
  }
}

type Asker = Pick<Engine, 'checkAccessNotGranted'>;

/** What is looked at of a verdict. */
type Said =
  | { readonly result: 'PASS' | 'UNKNOWN' }
  | { readonly result: 'FAIL'; readonly witness: Request; readonly possible: boolean };

/** What was decided, by the engine and the words of the question and of the statements. */
const decided = new WeakMap<Asker, Map<string, Said>>();
const MAX_DECIDED = 10_000;

/** From step to step the statements that name an action are mostly the same: each question is decided once. */
async function askOnce(engine: Asker, words: string, look: () => Promise<Verdict>): Promise<Said> {
  const known = decided.get(engine) ?? new Map<string, Said>();
  decided.set(engine, known);
  const before = known.get(words);
  if (before !== undefined) return before;
  const verdict = await look();
  const { result } = verdict;
  const said =
    verdict.result === 'FAIL'
      ? { result: verdict.result, witness: verdict.witness, possible: verdict.possible }
      : { result: verdict.result };
  // What ran out of time or steps may be decided another time.
  if (result === 'UNKNOWN') return said;
  if (known.size >= MAX_DECIDED) known.clear();
  known.set(words, said);
  return said;
}

/** A text that two sets share only if their statements are made of the same elements, in the same order and places. */
function wordsOfSet(set: PolicySet): string {
  const ofPolicy = ({ policy: { policyType, statements } }: NamedPolicy) =>
    `${policyType}(${statements.map(wordsOfStatement).join()})`;
  const limits = limitsOf(set).map((limit) => `[${wordsOfSet(limit)}]`);
  return [...set.policies.map(ofPolicy), ...limits].join(' ');
}

/** Elements that stand in the same words are read once, and are the same objects. */
function wordsOfStatement({ effect, principal, action, resource, conditions, unread }: Statement): string {
  return `${effect}${[principal, action, resource, conditions, unread].map(numberOf).join('.')}`;
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(element: object | undefined): number {
  if (element === undefined) return 0;
  const known = numbers.get(element) ?? ++lastNumber;
  numbers.set(element, known);
  return known;
}

/** The set with only those Allows, and the Denies that name the action: others stop no call of it. */
function narrowedTo(set: PolicySet, action: string, allows: readonly Statement[]): PolicySet {
  const isKept = (one: Statement) =>
    one.effect === 'Deny' ? namesAction(one, action) : allows.includes(one);
  return withStatements(set, (one) => (isKept(one) ? [one] : []));
}

/** The set without resources that a variable names; every Deny stays. */
function forWhoever(set: PolicySet): PolicySet {
  return withStatements(set, (one) => (one.effect === 'Deny' ? [one] : withoutVariables(one)));
}

function withStatements(set: PolicySet, change: (one: Statement) => readonly Statement[]): PolicySet {
  const policies = set.policies.map(({ name, policy }) => ({
    name,
    policy: { ...policy, statements: policy.statements.flatMap(change) },
  }));
  return { ...set, policies: policies.filter(({ policy }) => policy.statements.length > 0) };
}

function withoutVariables(statement: Statement): readonly Statement[] {
  const { resource } = statement;
  if (resource === undefined || resource.negated) return [statement];
  const patterns = resource.patterns.filter(({ text }) => !/\$\{(?![*?$]\})/.test(text));
  return patterns.length === 0 ? [] : [{ ...statement, resource: { ...resource, patterns } }];
}

/** Denies by their text, read once: there are few of them, and they are asked about for every principal. */
const denialsRead = new Map<string, NamedPolicy>();
const MAX_DENIALS = 500;

function denials(statements: readonly object[]): NamedPolicy {
  const name = 'what does not count';
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Deny', ...statement })),
  });
  const read = denialsRead.get(text);
  if (read !== undefined) return read;
  const result = parsePolicy(text, { policyType: 'IDENTITY_POLICY', sourceName: name });
  if (!result.ok) throw new Error(`the Denies made for a question do not parse: ${text}`);
  if (denialsRead.size >= MAX_DENIALS) denialsRead.clear();
  const denying = { name, policy: result.policy };
  denialsRead.set(text, denying);
  return denying;
}

/** False only if the statement names no action of the service. */
function namesService({ action: { patterns, negated } }: Statement, service: string): boolean {
  const prefix = `${service}:`;
  return (
    negated ||
    patterns.some(([head]) => {
      if (head?.kind !== 'text') return true;
      const shared = Math.min(head.text.length, prefix.length);
      return head.text.slice(0, shared).toLowerCase() === prefix.slice(0, shared);
    })
  );
}

function namesAction({ action: { patterns, negated } }: Statement, name: string): boolean {
  return patterns.some((pattern) => matchPattern(pattern, name, { foldCase: true })) !== negated;
}

function textOf(pattern: ResourcePattern): string {
  return pattern.text;
}

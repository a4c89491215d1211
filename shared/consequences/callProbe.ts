/**
 * Can a principal make a call, and on what? Asked of everything it can do, boundary and Denies included.
 *
 * What narrows a call beyond action and resource (the service a role is passed to, which policy is attached, not
 * itself) is said as one more Deny beside the principal's documents, so the checks need no question of their own.
 */
import type { Engine } from '../checks/index.ts';
import { matchPattern } from '../evaluator/matchPattern.ts';
import type { Request } from '../evaluator/request.ts';
import type { ResourcePattern, Statement } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../policy/policySet.ts';

/** A call that is granted. */
export type GrantedCall = {
  readonly request: Request;
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
  /** Returns one granted request, undefined iff there is none. */
  grants(question: CallQuestion): Promise<GrantedCall | undefined>;
};

/** Returns the probe of a set. Equal questions are asked once. */
export function createCallProbe(set: PolicySet, engine: Pick<Engine, 'checkAccessNotGranted'>): CallProbe {
  const allows = set.policies.flatMap(({ policy }) =>
    policy.statements.filter(({ effect }) => effect === 'Allow'),
  );
  const naming = new Map<string, readonly Statement[]>();
  const statementsOf = (action: string) => {
    let statements = naming.get(action);
    if (statements === undefined) {
      statements = allows.filter((statement) => namesAction(statement, action));
      naming.set(action, statements);
    }
    return statements;
  };
  const answers = new Map<string, Promise<GrantedCall | undefined>>();
  return {
    mentions: (action) => statementsOf(action).length > 0,
    resourcesOf(action) {
      const texts = statementsOf(action).flatMap(({ resource }) =>
        resource === undefined || resource.negated ? ['*'] : resource.patterns.map(textOf),
      );
      return [...new Set(texts)];
    },
    grants(question) {
      const key = JSON.stringify(question);
      let answer = answers.get(key);
      if (answer === undefined) {
        answer = ask(question, narrowedTo(set, statementsOf(question.action), question.isWhoever), engine);
        answers.set(key, answer);
      }
      return answer;
    },
  };
}

async function ask(
  { action, resources, except }: CallQuestion,
  set: PolicySet,
  engine: Pick<Engine, 'checkAccessNotGranted'>,
): Promise<GrantedCall | undefined> {
  if (resources?.length === 0) return undefined;
  const beside =
    except === undefined || except.length === 0
      ? set
      : { ...set, policies: [...set.policies, denials(except)] };
  const access = { actions: [action], ...(resources === undefined ? {} : { resources }) };
  const verdict = await engine.checkAccessNotGranted(beside, [access]);
  switch (verdict.result) {
    case 'PASS':
      return undefined;
    case 'FAIL':
      return { request: verdict.witness, isDecided: true };
    // Whoever could not be shown to be unable counts as able: nothing is hidden by a limit.
    case 'UNKNOWN':
      return { request: { action, resource: resources?.[0] ?? '*', context: {} }, isDecided: false };
  }
}

/** The set with only those Allows, and without resources that a variable names if `isWhoever`; every Deny stays. */
function narrowedTo(set: PolicySet, allows: readonly Statement[], isWhoever = false): PolicySet {
  const kept = (one: Statement) => {
    if (one.effect === 'Deny') return [one];
    if (!allows.includes(one)) return [];
    return isWhoever ? withoutVariables(one) : [one];
  };
  const policies = set.policies.map(({ name, policy }) => ({
    name,
    policy: { ...policy, statements: policy.statements.flatMap(kept) },
  }));
  return { ...set, policies: policies.filter(({ policy }) => policy.statements.length > 0) };
}

function withoutVariables(statement: Statement): readonly Statement[] {
  const { resource } = statement;
  if (resource === undefined || resource.negated) return [statement];
  const patterns = resource.patterns.filter(({ text }) => !/\$\{(?![*?$]\})/.test(text));
  return patterns.length === 0 ? [] : [{ ...statement, resource: { ...resource, patterns } }];
}

function denials(statements: readonly object[]): NamedPolicy {
  const name = 'what does not count';
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Deny', ...statement })),
  });
  const result = parsePolicy(text, { policyType: 'IDENTITY_POLICY', sourceName: name });
  if (!result.ok) throw new Error(`the Denies made for a question do not parse: ${text}`);
  return { name, policy: result.policy };
}

function namesAction({ action }: Statement, name: string): boolean {
  const matches = action.patterns.some((pattern) => matchPattern(pattern, name, { foldCase: true }));
  return matches !== action.negated;
}

function textOf(pattern: ResourcePattern): string {
  return pattern.text;
}

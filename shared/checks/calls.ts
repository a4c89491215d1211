/** The calls that a statement speaks of: the reference's actions that it names, in groups that take the same. */
import { encodeActionPattern, foldText } from '../encoder/encodePattern.ts';
import { matchPattern } from '../evaluator/matchPattern.ts';
import { member } from '../formula/build.ts';
import type { Formula } from '../formula/formula.ts';
import type { ActionElement, Pattern, Statement } from '../policy/ast.ts';
import { ROLE_ASSUMING } from '../reference/grantable.ts';
import { groupsHolding, type ResourceChoice, takesNone, typesOf } from '../reference/possible.ts';
import type { ActionGroup, Reference, ServiceReference, ServiceSummary } from '../reference/reference.ts';

/** Some actions of one group: as a check may find them, and as AWS spells them. */
export type CallGroup = { readonly group: ActionGroup; readonly actions: readonly string[] };

/** The calls of one service. */
type ServiceCalls = {
  readonly summary: ServiceSummary;
  /** Those of one level, an index of `LEVELS`. Unpacks the service at the first call. */
  groups(level: number): readonly CallGroup[];
};

export type Calls = {
  /** Services in the order in which the statement names them, else well-known ones first. */
  readonly services: readonly ServiceCalls[];
  /** True of actions that the reference does not list and that are named all the same; undefined iff there are none. */
  unlisted(): Formula | undefined;
};

/**
 * Returns the calls that an Allow statement names, of those only that one of `listed` names too, where given.
 * Services none of whose resources it can name are left out, and actions that never have a key that it asks for.
 */
export function callsOf(
  statement: Statement,
  listed: readonly Pattern[] | undefined,
  reference: Reference,
): Calls {
  const keys = keysHeldIn(statement).map((key) => reference.key(key));
  const own = statement.action.negated ? undefined : statement.action.patterns;
  const isTrust = isOfTrust(statement);
  const byService = Map.groupBy(statement.action.patterns, serviceOf);
  const wanted = servicesOf(own, servicesOf(listed, undefined));
  const arns = arnServicesOf(statement);
  const fits = ({ arnServices }: ServiceSummary) =>
    arns === undefined || arnServices.some((name) => name === '*' || arns.has(name));
  const inOrder =
    wanted === undefined ? reference.services : [...wanted].flatMap((name) => reference.summary(name) ?? []);
  const services = inOrder.filter(fits).map((summary): ServiceCalls => {
    let made: ReadonlyMap<number, readonly CallGroup[]> | undefined;
    return {
      summary,
      groups(level) {
        const service = made === undefined ? reference.service(summary.name) : undefined;
        if (service !== undefined) {
          const open = new Set(groupsHolding(service, keys).filter(({ elsewhere }) => !elsewhere));
          const patterns = [...(byService.get(service.name) ?? []), ...(byService.get(undefined) ?? [])];
          const element = { negated: own === undefined, patterns };
          const all = open.size === 0 ? NONE : groupsOf(service, element, { open, listed, isTrust });
          made = Map.groupBy(all, ({ group }) => group.level);
        }
        return made?.get(level) ?? NONE;
      },
    };
  });
  return {
    services,
    unlisted() {
      const named = [...(own ?? []), ...(listed ?? [])].filter((pattern) => isUnlisted(pattern, reference));
      return named.length === 0 ? undefined : member('action', named.flatMap(encodeActionPattern));
    },
  };
}

const NONE: readonly CallGroup[] = [];

/** Keys that every request of the statement holds: an action that never has one of them is none of its. */
function keysHeldIn({ conditions }: Statement): string[] {
  return conditions
    .filter(
      ({ quantifier, ifExists, negated, test }) =>
        quantifier !== 'ForAllValues' && !ifExists && !negated && test.kind !== 'null',
    )
    .map(({ key }) => key);
}

/** Returns the choice as the group's requests have it: `listed` is `none` where AWS lists no type for them. */
export function choiceFor({ group }: CallGroup, choice: ResourceChoice): ResourceChoice {
  return choice === 'listed' && typesOf(group, 'listed').length === 0 ? 'none' : choice;
}

/**
 * Returns true iff requests of the group leave that choice. An action without a listed type is asked about with the listed
 * ones, as one that names no resource.
 */
export function leaves({ group }: CallGroup, choice: ResourceChoice): boolean {
  if (choice === 'listed') return true;
  const hasTypes = typesOf(group, choice === 'further' ? 'further' : 'listed').length > 0;
  return hasTypes && (choice === 'further' || takesNone(group));
}

/** True iff the statement could stand in a role's trust policy: only those, and a few on one resource, name none. */
export function isOfTrust({ principal, resource }: Statement): boolean {
  return principal !== undefined && resource === undefined;
}

/** Services that the patterns name, lower-case, of `among` where given; undefined iff they may be of any. */
function servicesOf(
  patterns: readonly Pattern[] | undefined,
  among: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const pattern of patterns ?? []) {
    const service = serviceOf(pattern);
    if (service === undefined) return among;
    if (among === undefined || among.has(service)) names.add(service);
  }
  return patterns === undefined ? among : names;
}

function serviceOf(pattern: Pattern): string | undefined {
  const token = pattern[0];
  const colon = token?.kind === 'text' ? token.text.indexOf(':') : -1;
  return token?.kind === 'text' && colon >= 0 ? foldText(token.text.slice(0, colon)) : undefined;
}

/** Services of the ARNs that the statement's resources name; undefined iff it may be any, or none at all. */
function arnServicesOf({ resource }: Statement): ReadonlySet<string> | undefined {
  if (resource === undefined || resource.negated) return undefined;
  const names = new Set<string>();
  for (const pattern of resource.patterns) {
    if (pattern.kind === 'nothing') continue;
    const token = pattern.kind === 'arn' ? pattern.parts[2] : [];
    if (token.length !== 1 || token[0]?.kind !== 'text') return undefined;
    names.add(token[0].text);
  }
  return names;
}

function groupsOf(
  service: ServiceReference,
  { negated, patterns }: ActionElement,
  {
    open,
    listed,
    isTrust,
  }: {
    readonly open: ReadonlySet<ActionGroup>;
    readonly listed: readonly Pattern[] | undefined;
    readonly isTrust: boolean;
  },
): CallGroup[] {
  const chosen = new Map<ActionGroup, Set<string>>();
  const choose = (group: ActionGroup, action: string) => {
    if (!open.has(group) || (isTrust && service.name === 'sts' && !ROLE_ASSUMING.test(action))) return;
    if (listed !== undefined && !listed.some((pattern) => matches(pattern, action))) return;
    const known = chosen.get(group);
    if (known === undefined) chosen.set(group, new Set([action]));
    else known.add(action);
  };
  const chooseMatching = (isNamed: (folded: string) => boolean) => {
    for (const [folded, { group, action }] of service.actions) if (isNamed(folded)) choose(group, action);
  };
  if (negated) {
    const excluded = patterns.map(matcherOf);
    chooseMatching((folded) => !excluded.some((isExcluded) => isExcluded(folded)));
  } else {
    for (const pattern of patterns) {
      const name = nameOf(pattern);
      const known = name === undefined ? undefined : service.actions.get(name);
      if (known !== undefined) choose(known.group, known.action);
      else if (name === undefined) chooseMatching(matcherOf(pattern));
    }
  }
  const calls = [...chosen].map(([group, actions]) => ({ group, actions: [...actions] }));
  // Of a trust policy, assuming the role says most.
  const isAssuming = ({ actions }: CallGroup) => actions.includes('sts:AssumeRole');
  return isTrust ? [...calls.filter(isAssuming), ...calls.filter((call) => !isAssuming(call))] : calls;
}

/** Tells of lower-case actions whether the pattern matches. Most patterns are a beginning. */
function matcherOf(pattern: Pattern): (folded: string) => boolean {
  const [head, star, ...others] = pattern;
  if (head?.kind === 'star' && star === undefined) return () => true;
  if (head?.kind === 'text' && star?.kind === 'star' && others.length === 0) {
    const beginning = foldText(head.text);
    return (folded) => folded.startsWith(beginning);
  }
  return (folded) => matches(pattern, folded);
}

function matches(pattern: Pattern, action: string): boolean {
  return matchPattern(pattern, action, { foldCase: true });
}

/** The action that the pattern names in full, folded. */
function nameOf(pattern: Pattern): string | undefined {
  const token = pattern[0];
  return token?.kind === 'text' && pattern.length === 1 ? foldText(token.text) : undefined;
}

/** True iff it matches no action of the reference, so that it names one that AWS may have since. */
function isUnlisted(pattern: Pattern, reference: Reference): boolean {
  const name = nameOf(pattern);
  const service = serviceOf(pattern);
  const isListedIn = (known: ServiceReference | undefined) =>
    name === undefined
      ? known?.groups.some(({ actions }) => actions.some((action) => matches(pattern, action)))
      : known?.actions.has(name);
  if (service !== undefined) return !isListedIn(reference.service(service));
  if (pattern.every(({ kind }) => kind === 'star')) return false;
  return !reference.services.some((one) => isListedIn(reference.service(one.name)));
}

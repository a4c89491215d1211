/**
 * Requests that AWS could see. A request is possible iff its resource fits one of the types that its action takes, or
 * is `*` where it takes none or only optional ones; every key of its context is global or one that the action or the
 * type has; and each key holds as many values as its type allows. What the reference does not list is possible.
 */
import { and, FALSE, member, not, or, present, text } from '../formula/build.ts';
import { evaluateFormula } from '../formula/evaluateFormula.ts';
import type { Formula, Glob } from '../formula/formula.ts';
import { isSingleValued } from '../policy/cardinality.ts';
import { isInPartition } from './arnParts.ts';
import type { ActionGroup, KeyReference, Reference, ServiceReference } from './reference.ts';

/** A request, as far as the reference speaks of it. */
type Call = {
  readonly action: string;
  readonly resource: string;
  readonly context: { readonly [key: string]: readonly string[] };
};

/**
 * Which of the group's requests: those on a resource that AWS lists for the action, those that name none, those on a
 * further one.
 */
export type ResourceChoice = 'listed' | 'none' | 'further';

const CHOICES: readonly ResourceChoice[] = ['listed', 'none', 'further'];

/** Returns the types of resource that the choice leaves; of one group always the same list. */
export function typesOf({ taken }: ActionGroup, choice: ResourceChoice): ActionGroup['taken'] {
  if (choice === 'none') return [];
  let split = splits.get(taken);
  if (split === undefined) {
    split = Map.groupBy(taken, ({ further }) => further);
    splits.set(taken, split);
  }
  return split.get(choice === 'further') ?? [];
}

const splits = new WeakMap<ActionGroup['taken'], ReadonlyMap<boolean, ActionGroup['taken']>>();

/**
 * Returns a formula that is true iff a request of any of the group's actions, of whose keys only `keys` (lower-case)
 * may be there, is possible on such a resource. How many values a key holds is left to the question's domains.
 */
export function possibleFormula(
  group: ActionGroup,
  choice: ResourceChoice,
  { reference, keys }: { readonly reference: Reference; readonly keys: readonly string[] },
): Formula {
  const restricted = keys.filter((key) => !reference.key(key).everywhere);
  if (restricted.length > 0) return makeFormula(group, choice, { reference, keys: restricted });
  // Most questions test no key but global ones.
  let formula = withoutKeys[choice].get(group);
  if (formula === undefined) {
    formula = makeFormula(group, choice, { reference, keys: [] });
    withoutKeys[choice].set(group, formula);
  }
  return formula;
}

const withoutKeys: { readonly [choice in ResourceChoice]: WeakMap<ActionGroup, Formula> } = {
  listed: new WeakMap(),
  none: new WeakMap(),
  further: new WeakMap(),
};

function makeFormula(
  group: ActionGroup,
  choice: ResourceChoice,
  { reference, keys }: { readonly reference: Reference; readonly keys: readonly string[] },
): Formula {
  if (group.elsewhere) return FALSE;
  const lacking = (own: readonly (readonly number[])[]) =>
    keys.filter((key) => !own.some((list) => list.some((number) => reference.key(key).numbers.has(number))));
  const without = (absent: readonly string[]) => absent.map((key) => not(present(key)));
  if (choice === 'none') {
    if (!takesNone(group)) return FALSE;
    return and([member('resource', NO_RESOURCE), ...without(lacking([group.keys]))]);
  }
  const types = group.taken.map(({ type }) => type);
  // Types whose requests lack the same keys are one disjunct.
  const byAbsent = new Map<string, { absent: readonly string[]; fitting: Formula[]; globs: Glob[] }>();
  for (const { type, keys: onType } of typesOf(group, choice)) {
    const absent = lacking([group.keys, onType, type.keys]);
    const word = absent.join(' ');
    const known = byAbsent.get(word) ?? { absent, fitting: [], globs: [] };
    byAbsent.set(word, known);
    const others = type.inner.filter((inner) => !types.includes(inner));
    if (others.length === 0) known.globs.push(...type.globs);
    else {
      const inner = others.flatMap(({ globs }) => globs.map(withEmptyNames));
      known.fitting.push(and([member('resource', type.globs), not(member('resource', inner))]));
    }
  }
  return or(
    [...byAbsent.values()].map(({ absent, fitting, globs }) =>
      and([or([member('resource', globs), ...fitting]), ...without(absent)]),
    ),
  );
}

const NO_RESOURCE: readonly Glob[] = [text('*')];

/** Returns true iff some request of these actions may hold the key. */
export function mayHold({ keys, taken }: ActionGroup, { everywhere, numbers }: KeyReference): boolean {
  const isIn = (list: readonly number[]) => list.some((number) => numbers.has(number));
  return everywhere || isIn(keys) || taken.some((one) => isIn(one.keys) || isIn(one.type.keys));
}

const heldBy = new WeakMap<ServiceReference, ReadonlySet<number>>();

/** Returns the service's groups of which some request may hold all of the keys. */
export function groupsHolding(
  service: ServiceReference,
  keys: readonly KeyReference[],
): readonly ActionGroup[] {
  const restricted = keys.filter(({ everywhere }) => !everywhere);
  if (restricted.length === 0) return service.groups;
  // Most keys are of one service, and there are hundreds.
  let held = heldBy.get(service);
  if (held === undefined) {
    held = new Set(
      service.groups.flatMap(({ keys: own, taken }) => [
        ...own,
        ...taken.flatMap((one) => [...one.keys, ...one.type.keys]),
      ]),
    );
    heldBy.set(service, held);
  }
  for (const { numbers } of restricted) if (numbers.isDisjointFrom(held)) return [];
  return service.groups.filter((group) => restricted.every((key) => mayHold(group, key)));
}

/** Returns true iff a request of these actions may name no resource. */
export function takesNone({ taken }: ActionGroup): boolean {
  return !taken.some(({ required }) => required);
}

/** A resource that ends where the inner type's name would begin is none of the outer type either. */
function withEmptyNames(glob: Glob): Glob {
  return glob.filter((token) => token.kind !== 'one' || token.of !== 'any');
}

/** A letter or digit, and words of them with hyphens between, lower-case. */
const words = (count: number): Glob =>
  Array.from(
    { length: count },
    (_, index): Glob => [
      ...(index === 0 ? [] : text('-')),
      { kind: 'one', of: 'lowerOrDigit' },
      { kind: 'star', of: 'lowerOrDigit' },
    ],
  ).flat();

const MAX_WORDS = 5;
const COUNTS = Array.from({ length: MAX_WORDS }, (_, index) => index + 1);

/**
 * True iff the action is written as AWS writes actions: one with another character is none, however new.
 * Source: Service Authorization Reference, the names of all its services and actions.
 */
export const ACTION_NAMED: Formula = member(
  'action',
  COUNTS.flatMap((inService) =>
    COUNTS.map((inName): Glob => [...words(inService), ...text(':'), ...words(inName)]),
  ),
);

/**
 * Returns why AWS could not see the call, one sentence without a full stop; undefined iff it is possible.
 */
export function whyImpossible(call: Call, reference: Reference): string | undefined {
  const { action, resource, context } = call;
  const folded = action.toLowerCase();
  const known = reference.service(folded.split(':')[0] ?? '')?.actions.get(folded);
  if (known === undefined) {
    const isName = evaluateFormula(ACTION_NAMED, {
      scalars: { action: folded, resource, principal: '' },
      keys: {},
    });
    return isName ? undefined : `\`${action}\` is no name that an action has`;
  }
  const { group } = known;
  if (group.elsewhere) return `no such policy can grant \`${known.action}\` to others`;
  const values = Object.fromEntries(
    Object.entries(context)
      .filter(([, list]) => list.length > 0)
      .map(([key, list]): [string, readonly string[]] => [key.toLowerCase(), list]),
  );
  const holds = (formula: Formula) =>
    evaluateFormula(formula, { scalars: { action: folded, resource, principal: '' }, keys: values });
  const keys = Object.keys(values);
  const double = keys.find((key) => (values[key]?.length ?? 0) > 1 && isSingleValued(key));
  if (double !== undefined) return `\`${double}\` holds one value in a request`;
  if (!isInPartition(resource)) return `\`${resource}\` is in no partition of AWS's`;
  if (CHOICES.some((choice) => holds(possibleFormula(group, choice, { reference, keys })))) return undefined;
  if (!CHOICES.some((choice) => holds(possibleFormula(group, choice, { reference, keys: [] })))) {
    if (group.taken.length === 0) return `\`${known.action}\` takes no resource, so AWS asks about \`*\``;
    const types = [...new Set(group.taken.map(({ type }) => type.name))];
    return resource === '*'
      ? `\`${known.action}\` must name a resource (${list(types)})`
      : `\`${known.action}\` takes no such resource as \`${resource}\` (it takes ${list(types)})`;
  }
  const [odd = ''] = keys.filter(
    (key) => !CHOICES.some((choice) => holds(possibleFormula(group, choice, { reference, keys: [key] }))),
  );
  return odd === ''
    ? `no request of \`${known.action}\` holds these keys together: ${list(keys)}`
    : `requests of \`${known.action}\` have no key \`${odd}\``;
}

/** Returns the reference as if every request could hold every key. */
export function withAnyKey(reference: Reference): Reference {
  return { ...reference, key: (name) => ({ ...reference.key(name), everywhere: true }) };
}

const MAX_LISTED = 4;

function list(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return `${names.slice(0, MAX_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * Requests that AWS could see. A request is possible iff its resource fits one of the types that its action takes, or
 * is `*` where it takes none or only optional ones; every key of its context is global or one that the action or the
 * type has; and each key holds as many values as its type allows. What the reference does not list is possible.
 */
import { and, FALSE, member, not, or, present, several, text } from '../formula/build.ts';
import { evaluateFormula } from '../formula/evaluateFormula.ts';
import type { Formula, Glob } from '../formula/formula.ts';
import type { ActionGroup, Reference, ResourceType } from './reference.ts';

/** A request, as far as the reference speaks of it. */
export type Call = {
  readonly action: string;
  readonly resource: string;
  readonly context: { readonly [key: string]: readonly string[] };
};

/** Which of the group's requests: those on a resource that fits, or those that name none. */
export type ResourceChoice = 'fitting' | 'none';

/**
 * Returns a formula that is true iff a request of any of the group's actions, of whose keys only `keys` may be there,
 * is possible on such a resource.
 */
export function possibleFormula(
  group: ActionGroup,
  choice: ResourceChoice,
  { reference, keys }: { readonly reference: Reference; readonly keys: readonly string[] },
): Formula {
  const withKeys = (own: readonly (readonly number[])[]) =>
    and(
      keys.flatMap((key) => {
        const { everywhere, numbers } = reference.key(key);
        const has = everywhere || own.some((list) => list.some((number) => numbers.has(number)));
        return has ? (isSet(key, reference) ? [] : [not(several(key))]) : [not(present(key))];
      }),
    );
  if (choice === 'none') {
    return takesNone(group) ? and([member('resource', NO_RESOURCE), withKeys([group.keys])]) : FALSE;
  }
  const types = group.taken.map(({ type }) => type);
  return or(
    group.taken.map(({ type, keys: onType }) =>
      and([fitting(type, types), withKeys([group.keys, onType, type.keys])]),
    ),
  );
}

const NO_RESOURCE: readonly Glob[] = [text('*')];

/** True iff a request of these actions may name no resource. */
export function takesNone({ taken }: ActionGroup): boolean {
  return !taken.some(({ required }) => required);
}

/** True iff the key may hold several values: by its type, or because nobody says what it is. */
function isSet(key: string, reference: Reference): boolean {
  return reference.key(key).type?.startsWith('ArrayOf') ?? true;
}

/** The resource is one of the type, and not of an inner type that the action does not take. */
function fitting(type: ResourceType, taken: readonly ResourceType[]): Formula {
  const others = type.inner.filter((inner) => !taken.includes(inner));
  return and([
    member('resource', type.globs),
    ...(others.length === 0
      ? []
      : [
          not(
            member(
              'resource',
              others.flatMap(({ globs }) => globs.map(withEmptyNames)),
            ),
          ),
        ]),
  ]);
}

/** A resource that ends where the inner type's name would begin is none of the outer type either. */
function withEmptyNames(glob: Glob): Glob {
  return glob.filter((token) => token.kind !== 'one' || token.of !== 'any');
}

/**
 * Returns why AWS could not see the call, one sentence without a full stop; undefined iff it is possible.
 */
export function whyImpossible(call: Call, reference: Reference): string | undefined {
  const { action, resource, context } = call;
  const folded = action.toLowerCase();
  const known = reference.service(folded.split(':')[0] ?? '')?.actions.get(folded);
  if (known === undefined) return undefined;
  const { group } = known;
  const values = Object.fromEntries(
    Object.entries(context)
      .filter(([, list]) => list.length > 0)
      .map(([key, list]): [string, readonly string[]] => [key.toLowerCase(), list]),
  );
  const holds = (formula: Formula) =>
    evaluateFormula(formula, { scalars: { action: folded, resource, principal: '' }, keys: values });
  const choices = ['fitting', 'none'] as const;
  const keys = Object.keys(values);
  if (choices.some((choice) => holds(possibleFormula(group, choice, { reference, keys })))) return undefined;
  if (!choices.some((choice) => holds(possibleFormula(group, choice, { reference, keys: [] })))) {
    if (group.taken.length === 0) return `\`${known.action}\` takes no resource, so AWS asks about \`*\``;
    const types = [...new Set(group.taken.map(({ type }) => type.name))];
    return resource === '*'
      ? `\`${known.action}\` must name a resource (${list(types)})`
      : `\`${known.action}\` takes no such resource as \`${resource}\` (it takes ${list(types)})`;
  }
  const [odd = ''] = keys.filter(
    (key) => !choices.some((choice) => holds(possibleFormula(group, choice, { reference, keys: [key] }))),
  );
  return odd === ''
    ? `no request of \`${known.action}\` holds these keys together: ${list(keys)}`
    : (values[odd]?.length ?? 0) > 1 && !isSet(odd, reference)
      ? `\`${odd}\` holds one value in a request`
      : `requests of \`${known.action}\` have no key \`${odd}\``;
}

const MAX_LISTED = 4;

function list(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return `${names.slice(0, MAX_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

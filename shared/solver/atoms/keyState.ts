/** What a search has assumed of one context key, and whether some set of values is like that. */
import type { KeyType } from '../../formula/formula.ts';
import type { Budget } from '../budget.ts';
import { type Demand, findValue, meets, setOf } from './findValue.ts';
import { isSameGlob } from './glob.ts';

export type KeyState = {
  readonly present: boolean | undefined;
  readonly several: boolean | undefined;
  /** Some value meets each of these. */
  readonly some: readonly Demand[];
  /** Every value meets all of these. */
  readonly every: readonly Demand[];
  /** Values that are like this, once looked for. */
  sample?: readonly string[];
};

const UNKNOWN_SET: KeyState = { present: undefined, several: undefined, some: [], every: [] };
const UNKNOWN_SINGLE: KeyState = { ...UNKNOWN_SET, several: false };

/** Returns the state of a key that nothing is assumed of yet. */
export function unknownKey(isSingleValued: boolean): KeyState {
  return isSingleValued ? UNKNOWN_SINGLE : UNKNOWN_SET;
}

type KeyAnswer =
  /** `values` empty: the key is absent. */
  | { readonly kind: 'found'; readonly values: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear' };

/** An assumption on a key. */
export type KeyFact =
  | { readonly kind: 'present'; readonly holds: boolean }
  | { readonly kind: 'several'; readonly holds: boolean }
  /** `holds`: some value passes `test` (`negated`: fails it); otherwise none does. */
  | {
      readonly kind: 'some';
      readonly test: Demand['test'];
      readonly negated: boolean;
      readonly holds: boolean;
    };

/** Returns the state with the fact added (the same state when it says so already), or undefined when it plainly contradicts. */
export function assumeKey(state: KeyState, fact: KeyFact): KeyState | undefined {
  const { present, several, some, every } = state;
  switch (fact.kind) {
    case 'present':
      if (!fact.holds && (several === true || some.length > 0)) return undefined;
      if (present === fact.holds) return state;
      return present === !fact.holds ? undefined : { present: fact.holds, several, some, every };
    case 'several': {
      if (several === fact.holds) return state;
      if (several === !fact.holds) return undefined;
      if (!fact.holds) return { present, several: false, some, every };
      return present === false ? undefined : { present: true, several: true, some, every };
    }
    case 'some': {
      const { test, holds } = fact;
      const want = holds ? !fact.negated : fact.negated;
      const known = holds ? some : every;
      if (known.some((demand) => isSameTest(demand.test, test) && demand.want === want)) return state;
      // No value's variables need be known to see that it cannot both pass and fail the same test.
      const others = holds ? every : some;
      if (others.some((demand) => isSameTest(demand.test, test) && demand.want !== want)) return undefined;
      const demand = { test, want };
      if (!holds) return withSample({ present, several, some, every: [...every, demand] }, state, demand);
      if (present === false) return undefined;
      return withSample({ present: true, several, some: [...some, demand], every }, state, demand);
    }
  }
}

/** True only if the tests say the same: one and the same, or of the same variables in the same words. */
function isSameTest(a: Demand['test'], b: Demand['test']): boolean {
  if (a === b) return true;
  const one = setOf({ test: a, want: true });
  const other = setOf({ test: b, want: true });
  if (one === undefined || other === undefined) return false;
  if (one === other) return true;
  if (!one.hasVariables || !other.hasVariables || one.globs.length !== other.globs.length) return false;
  return one.globs.every((glob, index) => {
    const twin = other.globs[index];
    return twin !== undefined && isSameGlob(glob, twin);
  });
}

/** The old sample often survives, which spares the search for another. */
function withSample(state: KeyState, { sample }: KeyState, demand: Demand): KeyState {
  if (sample?.length === 1 && sample.every((value) => meets(value, demand))) state.sample = sample;
  return state;
}

/**
 * Returns values that are like the state says, the fewest first: none, one, several. Exact unless `unclear`.
 * Variables must have been replaced (see `Demand`). Throws `LimitReached`.
 */
export function findValues(state: KeyState, type: KeyType, budget: Budget): KeyAnswer {
  if (state.present !== true) return { kind: 'found', values: [] };
  if (state.sample !== undefined) return { kind: 'found', values: state.sample };
  const found = search(state, type, budget);
  if (found.kind === 'found') state.sample = found.values;
  return found;
}

function search(state: KeyState, type: KeyType, budget: Budget): KeyAnswer {
  let unclear = false;
  if (state.several !== true) {
    const one = findValue([type], [...state.some, ...state.every], [], budget);
    if (one.kind === 'found') return { kind: 'found', values: [one.value] };
    unclear = one.kind === 'unclear';
  }
  if (state.several !== false) {
    const many = findSeveral(state, type, budget);
    if (many.kind !== 'none') return many;
  }
  return unclear ? { kind: 'unclear' } : { kind: 'none' };
}

/** Returns two values or more that are like the state says: one for each demand, and a further one when they come out equal. */
export function findSeveral(state: KeyState, type: KeyType, budget: Budget): KeyAnswer {
  const values = new Set<string>();
  let unclear = false;
  for (const demand of state.some) {
    const found = findValue([type], [demand, ...state.every], [], budget);
    if (found.kind === 'none') return found;
    if (found.kind === 'unclear') unclear = true;
    else values.add(found.value);
  }
  while (values.size < 2 && !unclear) {
    const further = findValue([type], state.every, [...values], budget);
    if (further.kind === 'none') return further;
    if (further.kind === 'unclear') unclear = true;
    else values.add(further.value);
  }
  return unclear ? { kind: 'unclear' } : { kind: 'found', values: [...values] };
}

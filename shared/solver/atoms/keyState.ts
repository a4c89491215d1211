/** What a search has assumed of one context key, and whether some set of values is like that. */
import type { KeyType, ValueTest } from '../../formula/formula.ts';
import type { Budget } from './budget.ts';
import { type Demand, findValue } from './findValue.ts';

/** A test some value must pass, or that every value must pass. */
export type KeyState = {
  readonly present: boolean | undefined;
  readonly several: boolean | undefined;
  /** Some value meets each of these. */
  readonly some: readonly Demand[];
  /** Every value meets all of these. */
  readonly every: readonly Demand[];
};

const UNKNOWN_SET: KeyState = { present: undefined, several: undefined, some: [], every: [] };
const UNKNOWN_SINGLE: KeyState = { ...UNKNOWN_SET, several: false };

/** Returns the state of a key that nothing is assumed of yet. */
export function unknownKey(isSingleValued: boolean): KeyState {
  return isSingleValued ? UNKNOWN_SINGLE : UNKNOWN_SET;
}

export type KeyAnswer =
  /** `values` empty: the key is absent. */
  | { readonly kind: 'found'; readonly values: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear' };

/** An assumption on a key. */
export type KeyFact =
  | { readonly kind: 'present'; readonly holds: boolean }
  | { readonly kind: 'several'; readonly holds: boolean }
  /** `holds`: some value meets `demand`; otherwise none does. */
  | { readonly kind: 'some'; readonly test: ValueTest; readonly negated: boolean; readonly holds: boolean };

/** Returns the state with the fact added (the same state when it says so already), or undefined when it plainly contradicts. */
export function assumeKey(state: KeyState, fact: KeyFact): KeyState | undefined {
  switch (fact.kind) {
    case 'present':
      if (!fact.holds && (state.several === true || state.some.length > 0)) return undefined;
      if (state.present === fact.holds) return state;
      return state.present === !fact.holds ? undefined : { ...state, present: fact.holds };
    case 'several': {
      if (state.several === fact.holds) return state;
      if (state.several === !fact.holds) return undefined;
      if (!fact.holds) return { ...state, several: false };
      return state.present === false ? undefined : { ...state, several: true, present: true };
    }
    case 'some': {
      if (isKnown(state, fact)) return state;
      if (!fact.holds) return { ...state, every: [...state.every, { test: fact.test, want: fact.negated }] };
      if (state.present === false) return undefined;
      return { ...state, present: true, some: [...state.some, { test: fact.test, want: !fact.negated }] };
    }
  }
}

/** True only if the very fact was assumed before. */
function isKnown(state: KeyState, { test, negated, holds }: Extract<KeyFact, { kind: 'some' }>): boolean {
  const demands = holds ? state.some : state.every;
  return demands.some((demand) => demand.test === test && demand.want === (holds ? !negated : negated));
}

/**
 * Returns values that are like the state says, the fewest first: none, one, several. Exact unless `unclear`.
 * Variables must have been replaced (see `Demand`). Throws `LimitReached`.
 */
export function findValues(state: KeyState, type: KeyType, budget: Budget): KeyAnswer {
  if (state.present !== true) return { kind: 'found', values: [] };
  let unclear = false;
  if (state.several !== true) {
    const one = findValue(type, [...state.some, ...state.every], [], budget);
    if (one.kind === 'found') return { kind: 'found', values: [one.value] };
    unclear = one.kind === 'unclear';
  }
  if (state.several !== false) {
    const many = findSeveral(state, type, budget);
    if (many.kind !== 'none') return many;
  }
  return unclear ? { kind: 'unclear' } : { kind: 'none' };
}

/** A value for each demand, and a further one when they come out equal. */
function findSeveral(state: KeyState, type: KeyType, budget: Budget): KeyAnswer {
  const values = new Set<string>();
  let unclear = false;
  for (const demand of state.some) {
    const found = findValue(type, [demand, ...state.every], [], budget);
    if (found.kind === 'none') return found;
    if (found.kind === 'unclear') unclear = true;
    else values.add(found.value);
  }
  while (values.size < 2 && !unclear) {
    const further = findValue(type, state.every, [...values], budget);
    if (further.kind === 'none') return further;
    if (further.kind === 'unclear') unclear = true;
    else values.add(further.value);
  }
  return unclear ? { kind: 'unclear' } : { kind: 'found', values: [...values] };
}

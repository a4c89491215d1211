/** Changing a state: read, work out, swap; on a lost race again, from the start. */
import type { Finding } from '../findings/finding.ts';
import type { StatePlace, Versioned } from '../store/store.ts';
import type { GuardStore, TargetState } from './state.ts';

/** Races lost in a row before it is a fault: then something else is wrong. */
const MAX_RACES = 25;

/** Somebody else kept changing the same state. The event is to be tried again. */
class RaceFault extends Error {
  override readonly name = 'RaceFault';
  readonly code = 'RACE_LOST';
}

type Swap<Result> = {
  /** Undefined: nothing is written. */
  readonly nextState: TargetState | undefined;
  readonly archived?: readonly Finding[];
  readonly result: Result;
};

/**
 * Returns the result of the first `work` whose state was written, or needed no writing. `work` runs again after each
 * lost race and must read afresh whatever it depends on. Findings are kept where they can be found before the state
 * that holds them is written: a crash in between leaves a pointer to a finding that is not, which does no harm.
 */
export async function swapState<Result>(
  store: GuardStore,
  place: StatePlace,
  work: (found: TargetState | undefined) => Promise<Swap<Result>>,
): Promise<Result> {
  for (let race = 0; race < MAX_RACES; race++) {
    const found = await store.readState(place);
    const { nextState, archived = [], result } = await work(found?.value);
    if (nextState === undefined || isEqual(nextState, found)) return result;
    const known = new Set(findingsOf(found?.value).map(({ id }) => id));
    for (const { id } of findingsOf(nextState))
      if (!known.has(id)) await store.putPointer(id, nextState.target);
    for (const finding of archived) await store.putArchived(finding);
    const outcome = await store.writeState(nextState, found?.version);
    if (outcome.kind === 'written') return result;
  }
  throw new RaceFault(
    `the state of \`${place.arn}\` was changed by others ${MAX_RACES} times in a row; try again`,
  );
}

/** Returns every finding that a state holds. */
export function findingsOf(state: TargetState | undefined): readonly Finding[] {
  return state === undefined ? [] : [...state.openFindings, ...state.closedFindings];
}

/** States are JSON; members may stand in another order, which costs a write and nothing else. */
function isEqual(next: TargetState, found: Versioned<TargetState> | undefined): boolean {
  return found !== undefined && JSON.stringify(sorted(next)) === JSON.stringify(sorted(found.value));
}

function sorted(state: TargetState): unknown {
  return Object.fromEntries(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));
}

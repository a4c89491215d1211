/** Changing a state: read, work out, swap; on a lost race again, from the start. */
import { isDeepStrictEqual } from 'node:util';
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

type Swapped<Result> = {
  readonly result: Result;
  /** What stands now, as far as this was the last to write; undefined: there was none, and none was written. */
  readonly state: Versioned<TargetState> | undefined;
};

/**
 * Returns the result of the first `work` whose state was written, or needed no writing. `work` runs again after each
 * lost race and must read afresh whatever it depends on. Findings are kept where they can be found before the state
 * that holds them is written: a crash in between leaves a pointer to a finding that is not, which does no harm.
 * `known`: the state as it was read or written last, which spares one reading.
 */
export async function swapState<Result>(
  store: GuardStore,
  place: StatePlace,
  work: (found: TargetState | undefined) => Promise<Swap<Result>>,
  known?: Versioned<TargetState>,
): Promise<Swapped<Result>> {
  for (let race = 0; race < MAX_RACES; race++) {
    const found = race === 0 && known !== undefined ? known : await store.readState(place);
    const { nextState, archived = [], result } = await work(found?.value);
    if (nextState === undefined || isDeepStrictEqual(nextState, found?.value))
      return { result, state: found };
    const told = new Set(findingsOf(found?.value).map(({ id }) => id));
    const untold = findingsOf(nextState).filter(({ id }) => !told.has(id));
    await Promise.all([
      ...untold.map(({ id }) => store.putPointer(id, nextState.target)),
      ...archived.map((finding) => store.putArchived(finding)),
    ]);
    const outcome = await store.writeState(nextState, found?.version);
    if (outcome.kind === 'written') return { result, state: { value: nextState, version: outcome.version } };
  }
  throw new RaceFault(
    `the state of \`${place.arn}\` was changed by others ${MAX_RACES} times in a row; try again`,
  );
}

/** Returns every finding that a state holds. */
export function findingsOf(state: TargetState | undefined): readonly Finding[] {
  return state === undefined ? [] : [...state.openFindings, ...state.closedFindings];
}

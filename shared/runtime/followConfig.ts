/** A guard whose configuration may change while it stands: each call is carried out by the guard of what is right then. */

import type { Config } from '../guard/config.ts';
import type { Guard } from '../guard/contract.ts';

/**
 * Returns a guard that asks for the configuration before each call and makes a new guard when it is another object. A
 * call that is at work goes on under what it began with. Throws what `current` throws.
 */
export function followConfig(current: () => Promise<Config>, guardUnder: (config: Config) => Guard): Guard {
  let made: { readonly config: Config; readonly guard: Guard } | undefined;
  const now = async (): Promise<Guard> => {
    const config = await current();
    if (made?.config !== config) made = { config, guard: guardUnder(config) };
    return made.guard;
  };
  return {
    handleRecord: async (record, leftMs) => (await now()).handleRecord(record, leftMs),
    rollback: async (request) => (await now()).rollback(request),
    approve: async (request) => (await now()).approve(request),
    publishHeld: async () => (await now()).publishHeld(),
    wake: async () => (await now()).wake(),
    sweep: async (request) => (await now()).sweep(request),
  };
}

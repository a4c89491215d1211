/**
 * A template means something else for other parameters, conditions and Regions. A world is one choice of them; only
 * what a document really depends on is chosen.
 */

/** Variable → the value chosen for it. */
export type World = ReadonlyMap<string, string>;

/** Returns the value of a variable in this world; `domain` has at least one. */
export type Choose = (variable: string, domain: readonly [string, ...string[]]) => string;

type InWorld<T> = { readonly world: World; readonly value: T };

export type Explored<T> = {
  readonly worlds: readonly InWorld<T>[];
  /** True iff there are more worlds than were looked at. */
  readonly cut: boolean;
};

const MAX_WORLDS = 96;

/** Returns what `run` gives in every world that it can tell apart. */
export function explore<T>(run: (choose: Choose) => T): Explored<T> {
  const worlds: InWorld<T>[] = [];
  const pending: World[] = [new Map()];
  // One choice that differs from the first ones comes before two: what a single choice widens is always found.
  for (let base = pending.shift(); base !== undefined; base = pending.shift()) {
    if (worlds.length === MAX_WORLDS) return { worlds, cut: true };
    const chosen = new Map(base);
    const value = run((variable, [first, ...others]) => {
      const known = chosen.get(variable);
      if (known !== undefined) return known;
      for (const other of others) pending.push(new Map([...chosen, [variable, other]]));
      chosen.set(variable, first);
      return first;
    });
    worlds.push({ world: chosen, value });
  }
  return { worlds, cut: false };
}

/** Returns both choices together; undefined iff they contradict each other. */
export function joinWorlds(a: World, b: World): World | undefined {
  for (const [variable, value] of a) {
    const other = b.get(variable);
    if (other !== undefined && other !== value) return undefined;
  }
  return new Map([...a, ...b]);
}

/** How a value of a variable is written: the default of each side, a value, or one that nothing names. */
export const DEFAULT = 'default';
export const OTHER = 'other';
export const valued = (value: string) => `=${value}`;

/** Returns a world in words: "with `Env` = `prod`". Empty where nothing was chosen. */
export function describeWorld(world: World): string {
  const words = [...world].flatMap(([variable, value]) => {
    if (value === DEFAULT) return [];
    if (value === OTHER) return [`any other \`${variable}\``];
    return [`\`${variable}\` = \`${value.slice(1)}\``];
  });
  return words.length === 0 ? '' : `with ${words.join(', ')}`;
}

/** Tables whose names come from policies and requests. A plain object would find its own members under `constructor`. */

/** Returns a table with these entries, in which no other name finds anything. */
export function toTable<T>(entries: { readonly [name: string]: T } = {}): { [name: string]: T } {
  const table: { [name: string]: T } = Object.create(null);
  return Object.assign(table, entries);
}

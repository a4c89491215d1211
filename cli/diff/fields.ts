/** Objects read from files. */

export type Fields = { readonly [name: string]: unknown };

/** A place within a file's value. */
export type Path = readonly (string | number)[];

/** Returns true iff the value is an object with named members. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the list, or a list of the value; none where there is no value. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The configuration belongs to the guard, which reads it; here it is loaded. */
export type * from '../guard/config.ts';

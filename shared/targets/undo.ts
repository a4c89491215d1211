/** What the kinds' commands for people share. `before.json` stands for the document as it was, which the store keeps. */
import type { UndoCommands } from './kind.ts';
import type { Snapshot } from './target.ts';

/** Of a kind that holds one document: what puts it back, and what takes it away where there was none. */
export const oneDocument =
  (put: (arn: string) => string, remove: (arn: string) => string): UndoCommands =>
  ({ target: { arn } }, { parts }) => [parts.length > 0 ? put(arn) : remove(arn)];

type MemberCommands = {
  readonly remove: (name: string) => string;
  readonly add: (name: string) => string;
};

/** Takes away what is there and not wanted, then puts back what is wanted and not there. */
export function memberCommands(
  live: readonly string[],
  wanted: readonly string[],
  { remove, add }: MemberCommands,
): string[] {
  return [
    ...live.filter((name) => !wanted.includes(name)).map(remove),
    ...wanted.filter((name) => !live.includes(name)).map(add),
  ];
}

/** Returns what follows the first colon of each part's id: whom or what the part is about. */
export function partNames({ parts }: Snapshot): string[] {
  return parts.map(({ id }) => splitId(id)[1]);
}

/** Returns a part's id as what it is and what it is called. */
export function splitId(id: string): readonly [sort: string, name: string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}

/** Returns the member of a value that may be an object; undefined where there is none. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([member]) => member === name)?.[1];
}

/** What the kinds' commands for people share. */
import type { DocumentCommand, UndoCommands } from './kind.ts';
import { partDocument } from './snapshot.ts';
import type { Snapshot } from './target.ts';

/**
 * Of a kind that holds one document: what writes it, and what takes it away where there was none. `wrap` makes of the
 * document what the option takes; absent, the document itself.
 */
export const oneDocument =
  (
    put: (arn: string) => string,
    remove: (arn: string) => string | DocumentCommand,
    wrap: (document: string, arn: string) => string = (document) => document,
  ): UndoCommands =>
  ({ target: { arn } }, wanted) => {
    if (wanted.parts.length === 0) return [remove(arn)];
    const document = partDocument(wanted, 'document');
    return [{ command: put(arn), document: document === undefined ? undefined : wrap(document, arn) }];
  };

type MemberCommands = {
  readonly remove: (name: string) => string;
  readonly add: (name: string) => string | DocumentCommand;
};

/** Returns a text as a shell takes it for one word. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Takes away what is there and not wanted, then restores what is wanted and not there. */
export function memberCommands(
  live: readonly string[],
  wanted: readonly string[],
  { remove, add }: MemberCommands,
): (string | DocumentCommand)[] {
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

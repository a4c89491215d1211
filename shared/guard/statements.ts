/** The statements of documents as JSON, for what is worked out word by word. What comes of it is proved, never trusted. */

import { partDocument, replaceParts } from '../targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../targets/target.ts';

export type Statement = { readonly [element: string]: unknown };

type Document = { readonly Statement?: unknown };

/** Empty where there is no text, or it is no JSON. */
function parse(document: string | undefined): Document {
  try {
    return JSON.parse(document ?? '{}') as Document; // It was parsed as a policy, or nothing is proved of it.
  } catch {
    return {};
  }
}

/** Returns the statements of a policy's text, in order; none where it cannot be read. */
export function statementsOf(document: string | undefined): readonly Statement[] {
  return [parse(document).Statement ?? []]
    .flat()
    .filter((one): one is Statement => typeof one === 'object' && one !== null);
}

/** Returns the part with these statements in its text. */
export function withText(part: TargetPart, Statement: readonly Statement[]): TargetPart {
  return { ...part, document: JSON.stringify({ ...parse(part.document), Statement }) };
}

/** Returns the statements of that effect that the other text does not have word by word. */
export function beyond(
  document: string | undefined,
  other: string | undefined,
  effect: 'Allow' | 'Deny',
): readonly Statement[] {
  const known = new Set(statementsOf(other).map((one) => JSON.stringify(one)));
  return statementsOf(document).filter((one) => one['Effect'] === effect && !known.has(JSON.stringify(one)));
}

/** Returns the content without what these parts say, word by word. */
export function withoutStatements(content: Snapshot, dropped: readonly TargetPart[]): Snapshot {
  const parts = content.parts.map((part) => {
    const words = new Set(
      dropped
        .filter(({ id }) => id === part.id)
        .flatMap(({ document }) => statementsOf(document).map((one) => JSON.stringify(one))),
    );
    const left = statementsOf(part.document).filter((one) => !words.has(JSON.stringify(one)));
    return words.size === 0 ? part : withText(part, left);
  });
  return replaceParts(content, parts);
}

/**
 * Returns the content with the statements of further parts in its own; a Sid stays with the first that has it. They stand
 * as they do in `live`, if it has them all: some services keep an order of their own.
 */
export function withStatements(content: Snapshot, others: readonly TargetPart[], live: Snapshot): Snapshot {
  const parts = new Map(content.parts.map((part) => [part.id, part]));
  for (const other of others) {
    const part = parts.get(other.id) ?? withText(other, []);
    const there = statementsOf(part.document);
    const sids = new Set(there.map(({ Sid }) => Sid));
    const more = beyond(other.document, part.document, 'Allow').map(({ Sid, ...rest }) =>
      Sid === undefined || sids.has(Sid) ? rest : { Sid, ...rest },
    );
    if (more.length === 0) continue;
    const all = [...there, ...more];
    const words = new Set(all.map((one) => JSON.stringify(one)));
    const standing = statementsOf(partDocument(live, other.id)).filter((one) =>
      words.has(JSON.stringify(one)),
    );
    parts.set(other.id, withText(part, standing.length === all.length ? standing : all));
  }
  return replaceParts(content, [...parts.values()]);
}

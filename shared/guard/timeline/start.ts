/**
 * What a target held before anything was known of it. The first event about it shows what it added or took away; of
 * whatever else there is, nobody knows since when. Pure.
 */
import type { FindingChange } from '../../findings/finding.ts';
import { ABSENT, type Content, type Edit, type Read, withPart } from './timeline.ts';

/** Clocks of services differ by seconds. */
const CLOCK_MS = 5_000;

type Start = {
  readonly content: Content;
  /** False: it is a guess. */
  readonly isKnown: boolean;
  /** Whoever wrote the whole text that the start holds, where an event shows it. */
  readonly by: readonly FindingChange[];
};

/**
 * Returns the content before the first edits, given the read after them: without what they add, and with the first
 * whole text that one of them shows, since of what that replaced nothing is known.
 */
export function guessStart(edits: readonly Edit[], { content, createdAt }: Read): Start {
  const makings = edits.filter(({ life }) => life === 'made' || life === 'found-or-made');
  const isMade = makings.some(
    ({ at }) => !content.exists || (createdAt !== undefined && createdAt >= at - CLOCK_MS),
  );
  if (isMade || !content.exists) return { content: ABSENT, isKnown: isMade, by: [] };
  let start = content;
  const seen = new Set<string>();
  const by: FindingChange[] = [];
  for (const { touches, change } of edits) {
    for (const { part, to, takes } of touches) {
      if (part === '*' || seen.has(part)) continue;
      seen.add(part);
      if (takes !== undefined) start = withPart(start, takes.id, takes);
      else if (to === 'gone' || (part !== 'document' && to !== 'hidden'))
        start = withPart(start, part, 'gone');
      else if (typeof to === 'object') {
        start = withPart(start, part, to);
        by.push(change);
      }
    }
  }
  // Made just now, or found without anything in it: for what it grants that is the same.
  if (makings.length > 0 && start.parts.length === 0) return { content: ABSENT, isKnown: true, by: [] };
  return { content: start, isKnown: false, by };
}

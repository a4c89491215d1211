/** Telling what is stored. A crash or a failing publisher repeats a publication; it never loses one. */
import { isUnpublished, revisionTold } from '../findings/finding.ts';
import type { Versioned } from '../store/store.ts';
import { type Grouping, holdBursts, publishHeld } from './publishGroups.ts';
import type { TargetState } from './state.ts';
import { findingsOf } from './swapState.ts';
import { hand, recordTold } from './told.ts';

/** Findings are stored and could not be told. To be tried again: whatever else was asked for is done. */
class UnpublishedFault extends Error {
  override readonly name = 'UnpublishedFault';
  readonly code = 'FINDINGS_UNPUBLISHED';
}

/** Throws `UnpublishedFault` iff findings of the target are still to be told. */
export function requirePublished(unpublished: number, targetArn: string): void {
  if (unpublished === 0) return;
  throw new UnpublishedFault(
    `${unpublished} findings on \`${targetArn}\` are stored and could not be published`,
  );
}

/**
 * Publishes to each publisher the findings of the state that it was not told, then marks who took what: one publisher
 * that fails keeps no other from being told, and is told again alone. Returns how many are to be tried again; what is held
 * `publishHeld` tells with its group. Throws store faults only.
 */
export async function publishDue(
  state: Versioned<TargetState> | undefined,
  publishing: Grouping,
): Promise<number> {
  const due = findingsOf(state?.value).filter(isUnpublished);
  if (state === undefined || due.length === 0) return 0;
  const { publishers, logger } = publishing;
  const taken = new Map(due.map(({ id, revision }) => [id, { revision, publishers: new Set<string>() }]));
  const failed = new Set<string>();
  let isGroupDue = false;
  for (const publisher of publishers) {
    const missing = due.filter((finding) => revisionTold(finding, publisher.name) < finding.revision);
    const { alone, isDue } = await holdBursts(missing, publisher, publishing);
    isGroupDue ||= isDue;
    const refused = await hand(alone, publisher, logger);
    for (const { id } of alone) {
      if (refused.has(id)) failed.add(id);
      else taken.get(id)?.publishers.add(publisher.name);
    }
  }
  await recordTold(due, taken, publishing, state);
  if (isGroupDue) await publishHeld(publishing);
  return failed.size;
}

/** Publishes what a listed state has due. It is read again first: a page may be old, and a group told since. */
export async function publishListed(listed: TargetState, publishing: Grouping): Promise<void> {
  if (findingsOf(listed).some(isUnpublished))
    await publishDue(await publishing.store.readState(listed.target), publishing);
}

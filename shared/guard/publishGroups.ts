/**
 * Telling bursts as groups. Which findings are held is noted in one small object of the store, changed by
 * compare-and-swap; where it cannot be read or written nothing is held, and each finding is told by itself.
 */
import * as v from 'valibot';
import { GRADES } from '../consequences/grade.ts';
import { inBatches } from '../findings/batches.ts';
import { type Finding, revisionTold } from '../findings/finding.ts';
import type { FindingPublisher, GroupForm } from '../findings/publisher.ts';
import { targetKindSchema } from '../store/targetSchema.ts';
import { type Burst, type Held, type Joining, joinBursts, MAX_GROUP, settle, takeDue } from './burst.ts';
import type { Config } from './config.ts';
import type { Clock, Logger } from './contract.ts';
import { type Note, swapNote } from './note.ts';
import type { GuardStore } from './state.ts';
import { findingsOf } from './swapState.ts';
import { hand, recordTold } from './told.ts';
import { formOf, quietly, waitsFor } from './triage.ts';

/** States of a group are read and marked so many at a time. */
const PARALLEL = 16;
/** What a message of SNS can name, 256 KiB with a title for each. */
const MAX_DIGEST = 300;

const heldSchema = v.strictObject({
  findingId: v.string(),
  revision: v.number(),
  place: v.strictObject({ kind: targetKindSchema, arn: v.string() }),
});

const NOTE: Note<readonly Burst[]> = {
  name: 'bursts',
  empty: [],
  schema: v.array(
    v.strictObject({
      publisher: v.string(),
      like: v.string(),
      alone: v.array(
        v.strictObject({
          findingId: v.string(),
          revision: v.number(),
          severity: v.picklist(GRADES),
          at: v.string(),
        }),
      ),
      held: v.array(heldSchema),
      dueAt: v.exactOptional(v.string()),
    }),
  ),
};

export type Grouping = {
  readonly store: GuardStore;
  readonly publishers: readonly FindingPublisher[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: Pick<Config, 'interruptFrom' | 'digestHour' | 'deployers'>;
};

/** A publisher that can tell like findings in one message. */
type Grouper = FindingPublisher & Required<Pick<FindingPublisher, 'publishGroup'>>;

function isGrouper(publisher: FindingPublisher): publisher is Grouper {
  return publisher.publishGroup !== undefined;
}

/** Returns which findings the publisher is told one by one now; the others are noted and told by `publishHeld`. */
export async function holdBursts(
  findings: readonly Finding[],
  publisher: FindingPublisher,
  grouping: Grouping,
): Promise<Omit<Joining, 'bursts'>> {
  if (findings.length === 0 || !isGrouper(publisher)) return { alone: findings, held: [], isDue: false };
  try {
    return await swapNote(grouping.store, NOTE, (bursts) => {
      const now = grouping.clock.now().toISOString();
      const joining = joinBursts(bursts, {
        publisher: publisher.name,
        findings,
        now,
        waits: (finding) =>
          waitsFor(finding, { told: revisionTold(finding, publisher.name), now }, grouping.config),
        quietly: (finding) => quietly(finding, now, grouping.config),
      });
      return { next: joining.bursts, result: joining };
    });
  } catch (error) {
    grouping.logger.error('bursts could not be recorded; each finding is published separately', { error });
    return { alone: findings, held: [], isDue: false };
  }
}

/**
 * Tells every group that is due, and marks its findings. Returns how many findings were told. A group that could not be
 * told falls due again. Throws store faults only.
 */
export async function publishHeld(grouping: Grouping): Promise<number> {
  const { publishers, clock, logger } = grouping;
  let count = 0;
  for (const publisher of publishers.filter(isGrouper)) {
    const due = await swapNote(grouping.store, NOTE, (bursts) => {
      const taken = takeDue(bursts, publisher.name, clock.now().toISOString());
      return { next: taken.bursts, result: taken.due };
    });
    for (const burst of due) {
      for (const held of inBatches(burst.held, {
        maxItems: formOf(burst.like) === 'burst' ? MAX_GROUP : MAX_DIGEST,
      })) {
        const findings = await stillDue(held, publisher.name, grouping.store);
        const refused = await hand(findings, groupOrOne(findings, formOf(burst.like), publisher), logger);
        if (refused.size > 0) continue;
        await inParallel(findings, async (finding) => {
          const taken = { revision: finding.revision, publishers: new Set([publisher.name]) };
          await recordTold([finding], new Map([[finding.id, taken]]), grouping);
        });
        await swapNote(grouping.store, NOTE, (bursts) => ({
          next: settle(bursts, { ...burst, held }, clock.now().toISOString()),
          result: undefined,
        }));
        count += findings.length;
      }
    }
  }
  return count;
}

/** Of one finding there is no burst. */
function groupOrOne(findings: readonly Finding[], form: GroupForm, publisher: Grouper): FindingPublisher {
  if (findings.length < 2 && form === 'burst') return publisher;
  return { name: publisher.name, publish: (group) => publisher.publishGroup(group, form) };
}

/** The findings that are as they were when they were held, and not told yet. One that changed since is told as it is now. */
async function stillDue(
  held: readonly Held[],
  publisher: string,
  store: GuardStore,
): Promise<readonly Finding[]> {
  const found = await inParallel(held, async ({ findingId, revision, place }) =>
    findingsOf((await store.readState(place))?.value).find(
      (finding) =>
        finding.id === findingId &&
        finding.revision === revision &&
        revisionTold(finding, publisher) < revision,
    ),
  );
  return found.filter((finding) => finding !== undefined);
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += PARALLEL)
    results.push(...(await Promise.all(items.slice(start, start + PARALLEL).map(work))));
  return results;
}

/** Answers what deriving asks for and nobody has answered before. */

import { describeUndo } from '../../findings/describeUndo.ts';
import { findStoredSnapshot, keepSnapshot } from '../../store/snapshotDocument.ts';
import { absentSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';
import { toSnapshot } from '../contents.ts';
import {
  type AnswerTo,
  type Asked,
  type Need,
  needOfRemains,
  type RemainsNeed,
  type StepNeed,
  type StepVerdict,
} from '../derive/needs.ts';
import type { Content, Read } from '../timeline/timeline.ts';
import { type Answer, doubtful } from './answer.ts';
import { growsWithGrants, isOnlyMore } from './carriedOver.ts';
import { judgeLeft, judgeRemains } from './judgeRemains.ts';
import { judgeStep } from './judgeStep.ts';
import { type Answering, judging } from './judging.ts';
import type { KeptVerdicts } from './keptVerdicts.ts';

/** Adds the answer of every need; what ran out of the budget is not kept. Throws store faults only. */
export async function answerNeeds(
  needs: readonly Need[],
  kept: KeptVerdicts,
  answering: Answering & {
    /** What AWS held before; absent: nobody read it. */
    readonly before: Read | undefined;
  },
): Promise<void> {
  const versions = createVersions(answering);
  const { before } = answering;
  const isMore = new Map<Content, boolean>();
  /** Returns true iff it was granted when AWS was read before, and nothing has come since but Allows. */
  const isGrantedStill = async ({ addition, live: { content }, settings }: RemainsNeed) => {
    if (before === undefined || !growsWithGrants(addition)) return false;
    if (kept.answered(needOfRemains(addition, before, settings).key) !== 'granted') return false;
    const known =
      isMore.get(content) ?? isOnlyMore(before.content, content, await versions.withTexts(content));
    isMore.set(content, known);
    return known;
  };
  const once = async <Kind extends Need['kind']>(
    need: Asked<Kind>,
    ask: () => Promise<AnswerTo[Kind]>,
    otherwise: () => Promise<AnswerTo[Kind]>,
  ) => {
    const answer = await answering.budget.within(ask);
    kept.add(need, answer === undefined ? await otherwise() : answer.value, answer !== undefined);
  };
  for (const need of needs) {
    switch (need.kind) {
      case 'step':
        await once(need, () => answerStep(need, answering), outOfTime(need, answering));
        break;
      case 'remains':
        await once(
          need,
          async () =>
            (await isGrantedStill(need)) ? 'granted' : await answerRemains(need, versions, answering),
          async () => 'unknown' as const,
        );
        break;
      case 'restore':
        await once(
          need,
          async () => (await import('../restore/proposeRestore.ts')).proposeRestore(need, answering),
          async () => ({ kind: 'none' as const, why: 'there was no time to prove a restore' }),
        );
    }
  }
}

async function answerStep(need: StepNeed, answering: Answering): Promise<StepVerdict> {
  const { before, after, predecessors, basis, live } = need;
  const { target, store } = answering;
  const contents = await contentsOf(need, answering);
  const answers = await judgeStep(
    {
      ...contents,
      predecessors: await Promise.all(predecessors.map((one) => toSnapshot(one, target, store))),
      basis,
    },
    judging(answering),
  );
  return toVerdict(
    answers,
    { ...contents, isKnown: before.exists && basis === 'step' && after.exists, live },
    answering,
  );
}

async function contentsOf({ before, after }: StepNeed, { target, store }: Answering) {
  const [was, is] = await Promise.all([toSnapshot(before, target, store), toSnapshot(after, target, store)]);
  return { before: was, after: is };
}

type Pair = Pick<StepNeed, 'live'> & {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly isKnown: boolean;
};

async function toVerdict(
  answers: readonly Answer[],
  { before, after, isKnown, live }: Pair,
  { store, target }: Answering,
): Promise<StepVerdict> {
  const hashes = { before: isKnown ? before.contentHash : '', after: after.contentHash };
  // What added nothing is never looked at again.
  if (answers.length === 0) return { answers, versions: { after: '' }, hashes, undoWith: '' };
  const [afterHash, beforeHash] = await Promise.all([
    keepSnapshot(store, after),
    isKnown ? keepSnapshot(store, before) : undefined,
  ]);
  const versions = { ...(beforeHash === undefined ? {} : { before: beforeHash }), after: afterHash };
  const read = live && (await toSnapshot(live, target, store));
  // What events alone tell is without what was read beside it.
  const shown = read?.contentHash === after.contentHash ? read : after;
  return { answers, versions, hashes, undoWith: describeUndo(shown, isKnown ? before : undefined) };
}

/** A change whose checks outlast the time is a finding, not a message that nobody reads. */
function outOfTime(need: StepNeed, answering: Answering): () => Promise<StepVerdict> {
  return async () => {
    const { before, after } = await contentsOf(need, answering);
    const answer = doubtful({
      sources: [],
      title: `what changed on \`${answering.target.arn}\` could not be judged in time`,
      message: 'The change could not be judged.',
      cause: 'the function ran out of time before the checks ended',
      notes: [],
    });
    return toVerdict([answer], { before, after, isKnown: need.before.exists }, answering);
  };
}

async function answerRemains(
  { addition, live }: RemainsNeed,
  versions: Versions,
  answering: Answering,
): Promise<AnswerTo['remains']> {
  const [before, after, held] = await Promise.all([
    versions.of(addition.versions.before),
    versions.of(addition.versions.after),
    versions.withTexts(live.content),
  ]);
  if (before === undefined || after === undefined) return 'unknown';
  const asked = { addition, before, after, live: held };
  const now = await judgeRemains(asked, judging(answering));
  return now === 'granted' ? ((await judgeLeft(asked, judging(answering))) ?? now) : now;
}

/** What is left of many additions is asked of few versions: what one leaves is where the next begins. */
type Versions = {
  /** Returns the version, the absent one if no hash is given; undefined when the store has lost it. */
  of(hash: string | undefined): Promise<Snapshot | undefined>;
  withTexts(content: Content): Promise<Snapshot>;
};

/** Returns a reader that reads each version once. */
function createVersions({ store, target }: Pick<Answering, 'store' | 'target'>): Versions {
  const read = new Map<string | Content, Promise<Snapshot | undefined>>();
  const once = <Found extends Snapshot | undefined>(key: string | Content, load: () => Promise<Found>) => {
    let found = read.get(key) as Promise<Found> | undefined; // Kept below, by the same kind of key.
    if (found === undefined) {
      found = load();
      read.set(key, found);
    }
    return found;
  };
  return {
    of: (hash) =>
      hash === undefined
        ? once('', async () => absentSnapshot(target))
        : once(hash, () => findStoredSnapshot(store, hash)),
    withTexts: (content) => once(content, () => toSnapshot(content, target, store)),
  };
}

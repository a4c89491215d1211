/** Answers what deriving asks for: from the store where it was answered before, else by the engine. */
import type { Addition } from '../../findings/finding.ts';
import { absentSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';
import { toSnapshot } from '../contents.ts';
import type { Need, RemainsNeed, RestoreVerdict, StepNeed, StepVerdict, Verdicts } from '../derive/needs.ts';
import { describeUndo } from '../describeUndo.ts';
import { proposeRestore } from '../restore/proposeRestore.ts';
import { findStoredSnapshot, keepSnapshot } from '../snapshotDocument.ts';
import type { Content } from '../timeline/timeline.ts';
import type { Answering } from './answering.ts';
import { judgeRemains } from './judgeRemains.ts';
import { type Answer, judgeStep } from './judgeStep.ts';
import { judging } from './judging.ts';

/** Verdicts that are at hand; more are added as they are given. */
type Known = {
  readonly steps: Map<string, StepVerdict>;
  readonly remains: Map<string, Addition['now']>;
  readonly restores: Map<string, RestoreVerdict>;
};

/** Returns no verdicts. */
export function noVerdicts(): Known & Verdicts {
  return { steps: new Map(), remains: new Map(), restores: new Map() };
}

/** Adds the answer of every need. Throws store faults only. */
export async function answerNeeds(needs: readonly Need[], known: Known, answering: Answering): Promise<void> {
  const versions = createVersions(answering);
  for (const need of needs) {
    switch (need.kind) {
      case 'step':
        known.steps.set(
          need.key,
          await once(need.key, answering, () => answerStep(need, answering), outOfTime(need, answering)),
        );
        break;
      case 'remains':
        known.remains.set(
          need.key,
          await once<Addition['now']>(
            need.key,
            answering,
            () => answerRemains(need, versions, answering),
            async () => 'unknown' as const,
          ),
        );
        break;
      case 'restore':
        known.restores.set(
          need.key,
          await once<RestoreVerdict>(
            need.key,
            answering,
            () => proposeRestore(need, answering),
            async () => ({
              kind: 'none',
              why: 'there was no time to prove a restore',
            }),
          ),
        );
    }
  }
}

/** What the engine said before, or says now within the budget. What ran out of it is not kept. */
async function once<Value>(
  key: string,
  { store, budget }: Answering,
  ask: () => Promise<Value>,
  otherwise: () => Promise<Value>,
): Promise<Value> {
  const kept = await store.getVerdict(key);
  if (kept !== undefined) return kept as Value; // Kept by this very function, under a key of what was asked.
  const answer = await budget.within(ask);
  if (answer === undefined) return otherwise();
  await store.putVerdict(key, answer.value);
  return answer.value;
}

async function answerStep(need: StepNeed, answering: Answering): Promise<StepVerdict> {
  const { before, after, predecessor, basis } = need;
  const { target, store } = answering;
  const contents = await contentsOf(need, answering);
  const isListsOnly = basis === 'lists';
  const answers = await judgeStep(
    {
      ...contents,
      ...(predecessor === undefined ? {} : { predecessor: await toSnapshot(predecessor, target, store) }),
      isListsOnly,
    },
    judging(answering),
  );
  return toVerdict(
    answers,
    { ...contents, isKnown: before.exists && !isListsOnly && after.exists },
    answering,
  );
}

async function contentsOf({ before, after }: StepNeed, { target, store }: Answering) {
  return { before: await toSnapshot(before, target, store), after: await toSnapshot(after, target, store) };
}

type Pair = { readonly before: Snapshot; readonly after: Snapshot; readonly isKnown: boolean };

async function toVerdict(
  answers: readonly Answer[],
  { before, after, isKnown }: Pair,
  { store }: Answering,
): Promise<StepVerdict> {
  const hashes = { before: isKnown ? before.contentHash : '', after: after.contentHash };
  // What added nothing is never looked at again.
  if (answers.length === 0) return { answers, versions: { after: '' }, hashes, undoWith: '' };
  const versions = {
    ...(isKnown ? { before: await keepSnapshot(store, before) } : {}),
    after: await keepSnapshot(store, after),
  };
  return { answers, versions, hashes, undoWith: describeUndo(after, isKnown ? before : undefined) };
}

/** A change whose checks outlast the time is a finding, not a message that nobody reads. */
function outOfTime(need: StepNeed, answering: Answering): () => Promise<StepVerdict> {
  return async () => {
    const { before, after } = await contentsOf(need, answering);
    const answer: Answer = {
      check: 'document',
      result: 'UNKNOWN',
      possible: true,
      grade: 'MEDIUM',
      sources: [],
      title: `what changed on \`${answering.target.arn}\` could not be judged in time`,
      message: 'The change could not be judged.',
      cause: 'the checks did not end in the time that the function has',
      statements: [],
      removedDenies: [],
      notes: [],
    };
    return toVerdict([answer], { before, after, isKnown: need.before.exists }, answering);
  };
}

async function answerRemains(
  { addition, live }: RemainsNeed,
  versions: Versions,
  answering: Answering,
): Promise<Addition['now']> {
  const after = await versions.of(addition.versions.after);
  const before = await versions.of(addition.versions.before);
  if (before === undefined || after === undefined) return 'unknown';
  return judgeRemains(
    { addition, before, after, live: await versions.withTexts(live.content) },
    judging(answering),
  );
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

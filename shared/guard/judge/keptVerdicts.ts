/**
 * The answers of one target, kept in one note: read once a round, written once after what was missing is answered.
 * An answer that is there is never replaced: whoever asked the same at the same time takes over what was kept first.
 */
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { TargetRef } from '../../targets/target.ts';
import type { AnswerTo, Asked, Need, Verdicts } from '../derive/needs.ts';
import { type Note, readNote, swapNote } from '../note.ts';
import type { GuardStore } from '../state.ts';

/** Answers about steps that a round did not ask for, the latest, which outlive it: a late event may bring the step back. */
const MAX_UNASKED_STEPS = 20;

/** By the key of the need; whoever looks one up knows its kind, which the key begins with. */
type Answers = { readonly [key: string]: unknown };

/** What is known; whatever is got here outlives the round. */
export type KeptVerdicts = Verdicts & {
  /** Returns what became of an addition by a key of another content, without asking for it. */
  answered(key: string): AnswerTo['remains'] | undefined;
  /** Adds an answer. One that is not to be kept is known in this round only. */
  add<Kind extends Need['kind']>(need: Asked<Kind>, answer: AnswerTo[Kind], isKept: boolean): void;
  /** Keeps what was added. Returns false iff another answer was kept first and is now the one that is known. */
  save(): Promise<boolean>;
};

/** Returns what was answered about the target. */
export async function readVerdicts(store: GuardStore, { kind, arn }: TargetRef): Promise<KeptVerdicts> {
  const note: Note<Answers> = {
    name: `verdicts ${kind} ${arn}`,
    schema: v.record(v.string(), v.unknown()),
    empty: {},
  };
  const found = await readNote(store, note);
  const kept = new Map(Object.entries(found.value));
  const passing = new Map<string, unknown>();
  const asked = new Set<string>();
  let added = false;
  return {
    get({ key }) {
      asked.add(key);
      return (kept.get(key) ?? passing.get(key)) as never; // Kept under a key of what was asked.
    },
    answered: (key) => kept.get(key) as AnswerTo['remains'] | undefined,
    add({ key }, answer, isKept) {
      (isKept ? kept : passing).set(key, answer);
      added ||= isKept;
    },
    async save() {
      if (!added) return true;
      added = false;
      let isOther = false;
      await swapNote(
        store,
        note,
        (theirs) => {
          for (const [key, answer] of Object.entries(theirs)) {
            isOther ||= kept.has(key) && !isDeepStrictEqual(kept.get(key), answer);
            kept.set(key, answer);
          }
          const unasked = [...kept.keys()].filter((key) => !asked.has(key) && key.startsWith('step '));
          const spared = new Set(unasked.slice(-MAX_UNASKED_STEPS));
          const next = Object.fromEntries([...kept].filter(([key]) => asked.has(key) || spared.has(key)));
          return { next, result: undefined };
        },
        found,
      );
      return !isOther;
    },
  };
}

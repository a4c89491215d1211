/**
 * The answers of one target, kept in one note: read once a round, written once after what was missing is answered.
 * An answer that is there is never replaced: whoever asked the same at the same time takes over what was kept first.
 */
import type { Addition } from '../../findings/finding.ts';
import type { TargetRef } from '../../targets/target.ts';
import type { Need, RestoreVerdict, StepVerdict, Verdicts } from '../derive/needs.ts';
import type { GuardStore } from '../state.ts';

/** Races lost in a row before it is a fault: then something else is wrong. */
const MAX_RACES = 25;

/** Answers about steps that a round did not ask for, the latest, which outlive it: a late event may bring the step back. */
const MAX_UNASKED_STEPS = 20;

type Answers = {
  readonly step: Map<string, StepVerdict>;
  readonly remains: Map<string, Addition['now']>;
  readonly restore: Map<string, RestoreVerdict>;
};

const KINDS = ['step', 'remains', 'restore'] as const satisfies readonly Need['kind'][];

export type KeptVerdicts = {
  /** What is known; whatever is looked up here outlives the round. */
  readonly verdicts: Verdicts;
  /** Returns what became of an addition by a key of another content, without asking for it. */
  answered(key: string): Addition['now'] | undefined;
  /** Adds an answer. One that is not to be kept is known in this round only. */
  add<Kind extends Need['kind']>(kind: Kind, key: string, answer: AnswerOf<Kind>, isKept: boolean): void;
  /** Keeps what was added. Returns false iff another answer was kept first and is now the one that is known. */
  save(): Promise<boolean>;
};

export type AnswerOf<Kind extends Need['kind']> =
  Answers[Kind] extends Map<string, infer Answer> ? Answer : never;

/** Returns what was answered about the target. */
export async function readVerdicts(store: GuardStore, { kind, arn }: TargetRef): Promise<KeptVerdicts> {
  const name = `verdicts ${kind} ${arn}`;
  let found = await store.readNote(name);
  const known = toAnswers(found?.value);
  const kept = toAnswers(found?.value);
  const asked = new Set<string>();
  const lookedUp = <Answer>(answers: ReadonlyMap<string, Answer>) => ({
    get(key: string) {
      asked.add(key);
      return answers.get(key);
    },
  });
  let added = false;
  /** Returns true iff the other answers hold another answer to one of these questions; then that one counts. */
  const takeOver = (theirs: Answers): boolean => {
    let isOther = false;
    for (const kind of KINDS)
      for (const [key, answer] of theirs[kind] as Map<string, never>) {
        const own = known[kind].get(key);
        if (own !== undefined && JSON.stringify(own) !== JSON.stringify(answer)) isOther = true;
        known[kind].set(key, answer);
        kept[kind].set(key, answer);
      }
    return isOther;
  };
  return {
    verdicts: {
      steps: lookedUp(known.step),
      remains: lookedUp(known.remains),
      restores: lookedUp(known.restore),
    },
    answered: (key) => known.remains.get(key),
    add(kind, key, answer, isKept) {
      known[kind].set(key, answer as never);
      if (!isKept) return;
      kept[kind].set(key, answer as never);
      added = true;
    },
    async save() {
      if (!added) return true;
      let isOther = false;
      for (let race = 0; race < MAX_RACES; race++) {
        const outcome = await store.writeNote(name, toNote(kept, asked), found?.version);
        if (outcome.kind === 'written') {
          found = { value: undefined, version: outcome.version };
          added = false;
          return !isOther;
        }
        found = await store.readNote(name);
        isOther = takeOver(toAnswers(found?.value)) || isOther;
      }
      throw new Error(`the note \`${name}\` was changed by others ${MAX_RACES} times in a row; try again`);
    },
  };
}

/** A note of another shape counts as empty: what it answered is asked again. */
function toAnswers(note: unknown): Answers {
  const members = (typeof note === 'object' && note !== null ? note : {}) as { [kind: string]: unknown };
  const of = <Answer>(kind: Need['kind']): Map<string, Answer> => {
    const answers = members[kind];
    // Kept below, under a key of what was asked.
    return new Map(
      Object.entries(typeof answers === 'object' ? ((answers ?? {}) as Record<string, Answer>) : {}),
    );
  };
  return { step: of('step'), remains: of('remains'), restore: of('restore') };
}

function toNote(kept: Answers, asked: ReadonlySet<string>): { readonly [kind in Need['kind']]: object } {
  const unasked = [...kept.step.keys()].filter((key) => !asked.has(key));
  const spared = new Set(unasked.slice(-MAX_UNASKED_STEPS));
  const of = (kind: Need['kind']) =>
    Object.fromEntries([...kept[kind]].filter(([key]) => asked.has(key) || spared.has(key)));
  return { step: of('step'), remains: of('remains'), restore: of('restore') };
}

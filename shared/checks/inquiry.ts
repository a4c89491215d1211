/** The questions of one search for a possible request: how many there may be, and what they left open. */
import type { Question } from '../formula/formula.ts';
import type { Answer } from '../solver/solver.ts';

/** Bounds on one search. */
const MAX_QUESTIONS = 3_000;
const MAX_UNKNOWN = 3;

/** Asks the deciders, and keeps what was left open. */
export type Inquiry = {
  /** Returns the answer; undefined where it is left open. */
  ask(question: Question): Promise<Answer | undefined>;
  leaveOpen(cause: string): void;
  openCause(): string | undefined;
  /** There is a request in another partition than the usual one. */
  passOver(): void;
  hasPassedOver(): boolean;
};

/** Returns an inquiry with nothing asked yet. */
export function createInquiry(ask: (question: Question) => Answer | Promise<Answer>): Inquiry {
  let asked = 0;
  let unknown = 0;
  let open: string | undefined;
  let passedOver = false;
  const leaveOpen = (cause: string) => {
    open ??= cause;
  };
  return {
    async ask(question) {
      if (unknown >= MAX_UNKNOWN) return undefined;
      if (++asked > MAX_QUESTIONS) {
        leaveOpen(`more than ${MAX_QUESTIONS} questions about possible requests`);
        return undefined;
      }
      const answer = await ask(question);
      if (answer.kind !== 'unknown') return answer;
      unknown++;
      leaveOpen(answer.cause);
      return undefined;
    },
    leaveOpen,
    openCause: () => open,
    passOver: () => {
      passedOver = true;
    },
    hasPassedOver: () => passedOver,
  };
}

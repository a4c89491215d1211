/**
 * Z3 as a decider: the whole question as a script, in Z3's theories of strings, regular expressions and numbers.
 * Z3 runs in a thread of its own, so that a question which overruns, or which breaks Z3, is ended with its thread and
 * the next one starts afresh. Nothing of z3-solver leaves this room.
 */
import { evaluateQuestion } from '../../formula/evaluateFormula.ts';
import type { Question } from '../../formula/formula.ts';
import { type SmtScript, toSmtLib } from '../../formula/smtlib.ts';
import { NoScript } from '../../formula/smtText.ts';
import { type Budget, LimitReached } from '../budget.ts';
import type { Answer, Solver } from '../solver.ts';
import { readValues } from './readValues.ts';
import { startZ3Thread, Z3Late, type Z3Thread } from './z3Thread.ts';

/** Over Z3's own time-out, for it to notice. */
const GRACE_MS = 500;
/** How often a question is asked whose model does not replay. */
const SEEDS = 3;
/** Decided questions that are kept: the checks of one step ask the same ones again, and each can take Z3 a second. */
const KEPT = 16;
/** Z3's memory is never given back to the process by WebAssembly, so its thread is replaced now and then. */
const QUESTIONS_PER_THREAD = 2_000;

/** Returns Z3 as a decider. It is started at the first question; `close` ends it, and a later question starts it again. */
export function createZ3Solver(start: () => Z3Thread = startZ3Thread): Solver {
  let thread: Z3Thread | undefined;
  let asked = 0;
  /** By script, oldest first. */
  const kept = new Map<string, Answer>();
  const keep = (script: string, answer: Answer) => {
    kept.set(script, answer);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
  };
  // Z3 takes one long call at a time.
  let last: Promise<unknown> = Promise.resolve();
  const end = async () => {
    const ending = thread;
    thread = undefined;
    asked = 0;
    await ending?.end();
  };
  const ask = async (question: Question, budget: Budget): Promise<Answer> => {
    const late = (): Answer => ({ kind: 'unknown', cause: `z3 gave no answer within ${limitOf(budget)}` });
    if (isSpent(budget)) return late();
    const smt = scriptOf(question);
    if (typeof smt === 'string') return { kind: 'unknown', cause: smt };
    const known = kept.get(smt.script);
    if (known !== undefined) return known;
    if (++asked > QUESTIONS_PER_THREAD) await end();
    let answer = late();
    // Z3's strings now and then come with a model that is none; another seed mostly mends it.
    for (let seed = 0; seed < SEEDS && !isSpent(budget); seed++) {
      thread ??= start();
      try {
        const output = await thread.run(commands(smt, budget, seed), budget.remainingMs() + GRACE_MS);
        answer = toAnswer(output, smt, question, budget);
        charge(budget, output);
        if (answer.kind !== 'unknown') keep(smt.script, answer);
        if (answer.kind !== 'unknown' || !output.startsWith('sat') || smt.mixed) return answer;
      } catch (error) {
        await end();
        if (error instanceof Z3Late) return late();
        return { kind: 'unknown', cause: error instanceof Error ? error.message : String(error) };
      }
    }
    return answer;
  };
  return {
    name: 'z3',
    decide(question, budget) {
      const answer = last.then(() => ask(question, budget));
      last = answer.catch(() => {});
      return answer;
    },
    close: end,
  };
}

function limitOf(budget: Budget): string {
  return budget.remainingSteps() < 1 ? 'the steps of its check' : `${budget.timeoutMs} ms`;
}

function isSpent(budget: Budget): boolean {
  return budget.remainingMs() < 1 || budget.remainingSteps() < 1;
}

function scriptOf(question: Question): SmtScript | string {
  try {
    return toSmtLib(question);
  } catch (error) {
    if (error instanceof NoScript) return error.message;
    throw error;
  }
}

/** A unit of Z3's own count of its work (`rlimit`) is a step of the budget. */
function commands({ script, constants }: SmtScript, budget: Budget, seed: number): string {
  return [
    `(set-option :timeout ${Math.floor(budget.remainingMs())})`,
    `(set-option :rlimit ${Math.min(budget.remainingSteps(), MAX_RLIMIT)})`,
    `(set-option :smt.random_seed ${seed})`,
    `${script}(check-sat)`,
    '(get-info :rlimit)',
    `(get-value (${constants.join(' ')}))`,
  ].join('\n');
}

/** Z3 takes 32 bits. */
const MAX_RLIMIT = 2 ** 32 - 1;

/** Spends what Z3 says that the script took. The answer stands even so; the next question has nothing left. */
function charge(budget: Budget, output: string): void {
  try {
    budget.spend(Number(/^\(:rlimit (\d+)\)/m.exec(output)?.[1] ?? 0));
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
  }
}

function toAnswer(output: string, smt: SmtScript, question: Question, budget: Budget): Answer {
  const status = /^(sat|unsat|unknown|timeout)\b/m.exec(output)?.[1];
  if (status === 'unsat') return { kind: 'unsat' };
  if (status === undefined)
    return { kind: 'unknown', cause: `z3 refused the question: ${output.trim().slice(0, 200)}` };
  if (status !== 'sat') return { kind: 'unknown', cause: `z3 could not decide within ${limitOf(budget)}` };
  const model = smt.decode(readValues(output));
  if (evaluateQuestion(question, model)) return { kind: 'sat', model };
  const why = smt.mixed ? 'one key is tested in two ways' : 'the model z3 found does not satisfy the formula';
  return { kind: 'unknown', cause: why };
}

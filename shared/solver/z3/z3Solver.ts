/**
 * Z3 as a decider: the whole question as a script, in Z3's theories of strings, regular expressions and numbers.
 * Z3 runs on WebAssembly threads of its own, so that a question which overruns is ended with its threads and the
 * next one starts afresh. Nothing of z3-solver leaves this room.
 */
import { evaluateQuestion } from '../../formula/evaluateFormula.ts';
import type { Question } from '../../formula/formula.ts';
import { type SmtScript, toSmtLib } from '../../formula/smtlib.ts';
import { NoScript } from '../../formula/smtText.ts';
import type { Budget } from '../budget.ts';
import type { Answer, Solver } from '../solver.ts';
import { readValues } from './readValues.ts';

/** What is used of z3-solver. */
type Z3 = {
  /** Runs a script in a context of its own and returns what it prints. */
  readonly run: (script: string) => Promise<string>;
  /** Ends its threads; a running script never returns. */
  readonly end: () => void;
};

/** Over Z3's own time-out, for it to notice. */
const GRACE_MS = 1_000;
/** How often a question is asked whose model does not replay. */
const SEEDS = 3;
/** Z3's memory is never given back to the process by WebAssembly, so its instance is replaced now and then. */
const QUESTIONS_PER_INSTANCE = 2_000;

/** Returns Z3 as a decider. It is loaded at the first question; `close` ends it, and a later question loads it again. */
export function createZ3Solver(load: () => Promise<Z3> = loadZ3): Solver {
  let instance: Promise<Z3> | undefined;
  let asked = 0;
  // Z3 takes one long call at a time.
  let last: Promise<unknown> = Promise.resolve();
  const end = async () => {
    const ending = instance;
    instance = undefined;
    asked = 0;
    if (ending !== undefined) (await ending).end();
  };
  const ask = async (question: Question, budget: Budget): Promise<Answer> => {
    const late = (): Answer => ({
      kind: 'unknown',
      cause: `z3 gave no answer within ${budget.timeoutMs} ms`,
    });
    const smt = scriptOf(question);
    if (typeof smt === 'string') return { kind: 'unknown', cause: smt };
    if (++asked > QUESTIONS_PER_INSTANCE) await end();
    instance ??= load();
    const z3 = await instance;
    let answer = late();
    // Z3's strings now and then come with a model that is none; another seed mostly mends it.
    for (let seed = 0; seed < SEEDS; seed++) {
      const timeoutMs = Math.floor(budget.remainingMs());
      if (timeoutMs < 1) return answer;
      const output = await within(z3.run(commands(smt, timeoutMs, seed)), timeoutMs + GRACE_MS);
      if (output === undefined) {
        await end();
        return late();
      }
      answer = toAnswer(output, smt, question, budget);
      if (answer.kind !== 'unknown' || !output.startsWith('sat') || smt.mixed) return answer;
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

function scriptOf(question: Question): SmtScript | string {
  try {
    return toSmtLib(question);
  } catch (error) {
    if (error instanceof NoScript) return error.message;
    throw error;
  }
}

function commands({ script, constants }: SmtScript, timeoutMs: number, seed: number): string {
  return `(set-option :timeout ${timeoutMs})\n(set-option :smt.random_seed ${seed})\n${script}(check-sat)\n(get-value (${constants.join(' ')}))\n`;
}

function toAnswer(output: string, smt: SmtScript, question: Question, budget: Budget): Answer {
  const status = /^(sat|unsat|unknown|timeout)\b/m.exec(output)?.[1];
  if (status === 'unsat') return { kind: 'unsat' };
  if (status === undefined)
    return { kind: 'unknown', cause: `z3 refused the question: ${output.trim().slice(0, 200)}` };
  if (status !== 'sat')
    return { kind: 'unknown', cause: `z3 could not decide within ${budget.timeoutMs} ms` };
  const model = smt.decode(readValues(output));
  if (evaluateQuestion(question, model)) return { kind: 'sat', model };
  const why = smt.mixed ? 'one key is tested in two ways' : 'the model z3 found does not satisfy the formula';
  return { kind: 'unknown', cause: why };
}

/** Returns what the promise gives, or undefined when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function loadZ3(): Promise<Z3> {
  const { init } = await import('z3-solver');
  const { Z3, em } = await init();
  return {
    async run(script) {
      const config = Z3.mk_config();
      const context = Z3.mk_context(config);
      Z3.del_config(config);
      try {
        return await Z3.eval_smtlib2_string(context, script);
      } finally {
        Z3.del_context(context);
      }
    },
    end() {
      em.PThread.terminateAllThreads();
    },
  };
}

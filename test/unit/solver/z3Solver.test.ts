import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { and, not, text } from '../../../shared/formula/build.ts';
import type { Formula, Glob, GlobToken, Question } from '../../../shared/formula/formula.ts';
import { createBudget } from '../../../shared/solver/budget.ts';
import { createZ3Solver } from '../../../shared/solver/z3/z3Solver.ts';
import { startZ3Thread } from '../../../shared/solver/z3/z3Thread.ts';

const ANY: GlobToken = { kind: 'star', of: 'any' };
const ONE: GlobToken = { kind: 'one', of: 'any' };
const ones = (count: number) => Array.from({ length: count }, () => ONE);

function ask(formula: Formula): Question {
  const domains = { action: [[ANY]], resource: [text('*')], principal: [text('Anonymous:')] };
  return { formula, domains, keyTypes: {}, isSingleValued: () => false };
}

const action = (glob: Glob): Formula => ({ kind: 'member', attribute: 'action', globs: [glob] });

/** Z3 overflows its stack on a text as long as this. */
const breaking = ask(
  and([
    action([...text('a'.repeat(100_000)), ANY, ...text('b')]),
    not(action([...ones(50), ANY, ...text('b')])),
  ]),
);
/** Z3 unfolds this for ever and does not look at its own time-out meanwhile. */
const hanging = `(set-option :timeout 300)(assert (str.in_re "${'a'.repeat(60)}" (re.++ ${'(re.opt (str.to_re "a")) '.repeat(60)}${'(str.to_re "a") '.repeat(60)}(re.comp (re.++ ${'(re.opt (str.to_re "a")) '.repeat(30)}re.all (str.to_re "c"))))))(check-sat)`;
const easy = ask(and([action([...text('s3:Get'), ANY]), not(action([...text('s3:'), ANY]))]));

const z3 = createZ3Solver();
const ample = () => createBudget({ steps: 1e9, timeoutMs: 60_000 });

afterAll(() => z3.close());

describe('Z3', () => {
  it('is replaced where a question breaks it, which is unknown with the reason', async () => {
    expect(await z3.decide(breaking, ample())).toEqual({
      kind: 'unknown',
      cause: expect.stringMatching(/^z3 broke: /),
    });
    expect(await z3.decide(easy, ample())).toEqual({ kind: 'unsat' });
  });

  it('is ended where it overruns, so that the process ends by itself', async () => {
    const program = `
      import { startZ3Thread } from './shared/solver/z3/z3Thread.ts';
      const z3 = startZ3Thread();
      console.log(await z3.run('(check-sat)', 60_000));
      console.log(await z3.run(process.env.HANGING, 2_000).catch(({ name }) => name));
      await z3.end();`;

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '--eval', program],
      { env: { ...process.env, HANGING: hanging }, timeout: 90_000 },
    );

    expect(stdout.split(/\s+/)).toEqual(['sat', 'Z3Late', '']);
  }, 100_000);

  it('spends from the one budget of a check, and is not asked once that is spent', async () => {
    const scripts: string[] = [];
    const costly = createZ3Solver(() => ({
      run: async (script) => {
        scripts.push(script);
        return 'unknown\n(:rlimit 600)\n';
      },
      end: async () => {},
    }));
    const budget = createBudget({ steps: 1_000, timeoutMs: 60_000 });

    const causes: unknown[] = [];
    for (let question = 0; question < 3; question++) causes.push(await costly.decide(easy, budget));

    expect(scripts).toHaveLength(2);
    expect(scripts[1]).toContain('(set-option :rlimit 400)');
    expect(causes[2]).toEqual({ kind: 'unknown', cause: 'z3 gave no answer within the steps of its check' });
  });

  describe('asked again', () => {
    const scripts: string[] = [];
    const counting = createZ3Solver(() => {
      const thread = startZ3Thread();
      const run = (script: string, timeoutMs: number) => {
        scripts.push(script);
        return thread.run(script, timeoutMs);
      };
      return { ...thread, run };
    });
    const none = (name: string) => ask(and([action(text(name)), not(action([...text('s3:'), ANY]))]));

    afterAll(() => counting.close());

    it('keeps what it decided', async () => {
      expect(await counting.decide(none('s3:GetObject'), ample())).toEqual({ kind: 'unsat' });
      expect(await counting.decide(none('s3:GetObject'), ample())).toEqual({ kind: 'unsat' });
      expect(scripts).toHaveLength(1);
    });

    it('keeps the last few answers alone', async () => {
      for (let index = 0; index < 20; index++) await counting.decide(none(`s3:Get${index}`), ample());
      const before = scripts.length;

      await counting.decide(none('s3:Get19'), ample());
      expect(scripts).toHaveLength(before);
      await counting.decide(none('s3:GetObject'), ample());
      expect(scripts).toHaveLength(before + 1);
    });
  });
});

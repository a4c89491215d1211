/** A second SMT solver, where it is installed: it must read our scripts and answer as the others do. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const CVC5 = '/usr/bin/cvc5';

/** True iff the solver is on this machine. */
export const hasCvc5 = existsSync(CVC5);

/** Returns the solver's word on the script (`sat`, `unsat`, `unknown`), or what it objected to. */
export function askCvc5(script: string, timeoutMs = 2_000): string {
  const options = ['--lang=smt2', '--strings-exp', '--incremental', `--tlimit-per=${timeoutMs}`, '-'];
  const { stdout, stderr, signal } = spawnSync(CVC5, options, {
    input: `${script}(check-sat)\n`,
    encoding: 'utf8',
    timeout: timeoutMs + 5_000,
  });
  const [word = ''] = stdout.trim().split('\n');
  // Its own limit is not looked at everywhere; killed by ours, it has said nothing.
  if (word === '' && signal !== null) return 'unknown';
  return word === '' ? stderr.trim() : word;
}

/** Other solvers on the same questions: native cvc5 and z3 as they read SMT-LIB, where they are installed. */
import { spawnSync } from 'node:child_process';
import type { Question } from '../../shared/formula/formula.ts';
import { toSmtLib } from '../../shared/formula/smtlib.ts';
import { NoScript } from '../../shared/formula/smtText.ts';

export type Peer = { readonly name: string; readonly command: string; readonly args: readonly string[] };

const PEERS: readonly Peer[] = [
  { name: 'cvc5 (native)', command: 'cvc5', args: ['--lang=smt2', '--strings-exp', '--tlimit=20000'] },
  { name: 'z3 (native)', command: 'z3', args: ['-in', '-T:20'] },
];

/** Returns the peers that are on this machine. */
export function installedPeers(): Peer[] {
  return PEERS.filter(({ command }) => spawnSync(command, ['--version']).status === 0);
}

/** Returns what the peer says of the script and how long its process took, in ms. */
export function askPeer(
  { command, args }: Peer,
  script: string,
): { readonly answer: string; readonly ms: number } {
  const start = performance.now();
  const { stdout } = spawnSync(command, [...args], {
    input: `${script}(check-sat)\n`,
    encoding: 'utf8',
    timeout: 25_000,
  });
  const answer = /^(sat|unsat)$/m.exec(stdout ?? '')?.[1] ?? 'unknown';
  return { answer, ms: performance.now() - start };
}

/** Returns what the peer says of a question; `unknown` where no script has the same models. */
export function askWhole(peer: Peer, question: Question): string {
  try {
    const { script, mixed } = toSmtLib(question);
    const { answer } = askPeer(peer, script);
    return answer === 'sat' && mixed ? 'unknown' : answer;
  } catch (error) {
    if (error instanceof NoScript) return 'unknown';
    throw error;
  }
}

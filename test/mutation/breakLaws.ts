/** Breaks every law of `laws.ts` in a copy of the guard, and plays histories until the simulation names that law. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { createCopy } from './copy.ts';
import { LAW_BREACHES, type LawBreach } from './laws.ts';

/** Returns the changes that no history showed, after printing one line each. `only`: a part of what is broken, or a law. */
export async function breakLaws(concurrency: number, only = ''): Promise<readonly LawBreach[]> {
  const waiting = LAW_BREACHES.filter(({ law, change }) => `law ${law}, ${change}`.includes(only));
  const unseen: LawBreach[] = [];
  const work = async () => {
    const copy = createCopy();
    try {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        const { law, change, file, from, to } = one;
        const began = performance.now();
        const exchange = { file: join('shared/guard', file), from, to };
        const shown = await copy.changed(exchange, (directory) => simulate(one, directory));
        if (shown === undefined) unseen.push(one);
        const seconds = Math.round((performance.now() - began) / 1_000);
        console.log(`law ${law}, ${change}: ${shown ?? 'NO BREACH'} (${seconds} s)`);
      }
    } finally {
      copy.remove();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return unseen;
}

/** Returns the breach, as the simulation tells it; undefined: there was none. */
function simulate(
  { law, seed, histories, orders }: LawBreach,
  directory: string,
): Promise<string | undefined> {
  const flags = ['--seed', String(seed), '--histories', String(histories), '--until', String(law)];
  const more = orders === undefined ? [] : ['--orders', String(orders)];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(directory, 'test/simulation/simulate.ts'), ...flags, ...more],
      { cwd: directory, maxBuffer: 2 ** 26 },
      (error, stdout) =>
        resolve(error === null ? stdout.trim().split('\n').at(-1)?.slice(0, 300) : undefined),
    );
  });
}

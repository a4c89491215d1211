/** One thread of a batch: lists of lines in, lists of answers out, one list after another. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../../shared/checks/index.ts';
import type { Reply, Work } from './pool.ts';
import type { Line } from './readLines.ts';
import { type Answered, answerLine } from './runBatch.ts';

const work = workerData as Work; // What `startPool` gives.
const { solver, timeoutMs, onlyPossible } = work;
const engine = createEngine({ solver, timeoutMs, onlyPossible });
let last = Promise.resolve();

parentPort?.on('message', (lines: readonly Line[]) => {
  last = last.then(async () => {
    const answered: Answered[] = [];
    for (const line of lines) answered.push(await answerLine(line, engine, work));
    parentPort?.postMessage({ answered } satisfies Reply);
  });
});

/** A long batch on all cores: threads that answer lists of lines, each with an engine of its own. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SolverChoice } from '../../shared/solver/portfolio.ts';
import type { Line } from './readLines.ts';
import type { Answered, AnswerOptions, Pool } from './runBatch.ts';

/** What each thread needs to know. */
export type Work = AnswerOptions & {
  readonly solver: SolverChoice;
  readonly timeoutMs: number;
  readonly onlyPossible: boolean;
};

export type WorkerPool = Pool & { readonly close: () => Promise<void> };

/** What a thread says of a list; it answers one list at a time. */
export type Reply = { readonly answered: readonly Answered[] };

/** Returns a pool of one thread a core; undefined on a single core, where it would gain nothing. */
export function startPool(work: Work): WorkerPool | undefined {
  const size = availableParallelism();
  if (size < 2) return undefined;
  // Beside its source, or beside the bundle's chunks.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : '../batchWorker.js';
  const threads = Array.from({ length: size }, () => startThread(new URL(file, import.meta.url), work));
  let next = 0;
  return {
    size,
    // In turn: lists are of one length, and a slow one only delays those behind it in its thread.
    answer: (lines) => {
      const thread = threads[next++ % size];
      if (thread === undefined) return Promise.reject(new Error('the pool has no thread'));
      return thread.answer(lines);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

type Thread = Pick<WorkerPool, 'answer' | 'close'>;

function startThread(file: URL, work: Work): Thread {
  const worker = new Worker(file, { workerData: work });
  const waiting: {
    readonly resolve: (answered: readonly Answered[]) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];
  let fault: unknown;
  const fail = (error: unknown) => {
    fault ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', ({ answered }: Reply) => waiting.shift()?.resolve(answered));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('a thread of the batch ended early')));
  return {
    answer: (lines: readonly Line[]) =>
      new Promise((resolve, reject) => {
        if (fault !== undefined) return reject(fault);
        waiting.push({ resolve, reject });
        worker.postMessage(lines);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

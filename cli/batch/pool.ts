/** A long batch on all cores: threads that answer lists of lines, each with an engine of its own. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SolverChoice } from '../../shared/solver/portfolio.ts';
import type { Line } from './readLines.ts';
import { type Answered, type AnswerOptions, faultOf, type Pool } from './runBatch.ts';

/** What each thread needs to know. */
export type Work = AnswerOptions & {
  readonly solver: SolverChoice;
  readonly timeoutMs: number;
  readonly onlyPossible: boolean;
};

export type WorkerPool = Pool & { readonly close: () => Promise<void> };

/** What a thread says of a list; it answers one list at a time. */
export type Reply = { readonly answered: readonly Answered[] };

/** Beside its source, or beside the bundle's chunks. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : '../batchWorker.js',
  import.meta.url,
);

/**
 * Returns a pool of one thread a core; undefined on a single core, where it would gain nothing. Where a thread ends
 * early (it may want more memory than there is), another takes its place, and the line that ended it is a fault.
 */
export function startPool(work: Work, file = WORKER): WorkerPool | undefined {
  const size = availableParallelism();
  if (size < 2) return undefined;
  const all: Thread[] = [];
  let isClosed = false;
  const start = (): Thread => {
    const thread = startThread(file, work);
    all.push(thread);
    return thread;
  };
  const threads = Array.from({ length: size }, start);
  let next = 0;
  /** Which of its lines ended a thread, it did not say. */
  const answerOneByOne = async (lines: readonly Line[]): Promise<readonly Answered[]> => {
    const answered: Answered[] = [];
    let thread = start();
    for (const line of lines) {
      try {
        answered.push(...(await thread.answer([line])));
      } catch (error) {
        if (isClosed) throw error;
        answered.push(faultOf(line, error));
        thread = start();
      }
    }
    await thread.close();
    return answered;
  };
  return {
    size,
    // In turn: lists are of one length, and a slow one only delays those behind it in its thread.
    answer: async (lines) => {
      const at = next++ % size;
      const thread = threads[at] ?? start();
      try {
        return await thread.answer(lines);
      } catch (error) {
        if (isClosed) throw error;
        if (threads[at] === thread) threads[at] = start();
        return answerOneByOne(lines);
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.all(all.map((thread) => thread.close()));
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

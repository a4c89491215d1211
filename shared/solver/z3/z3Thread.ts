/**
 * Z3 in a thread that can be ended. z3-solver alone cannot: a call that is cut short leaves a timer of ten minutes that
 * keeps the process alive, and a thread of its own that overflows its stack ends the process with it.
 */
import { Worker } from 'node:worker_threads';

/** Z3, started and not yet ended. It takes one script at a time. */
export type Z3Thread = {
  /** Returns what the script prints, in a context of its own. Rejects when Z3 breaks, ends or takes longer. */
  run(script: string, timeoutMs: number): Promise<string>;
  /** Ends Z3 whatever it is doing. Safe to call twice. */
  end(): Promise<void>;
};

/** Z3 had no answer in time. */
export class Z3Late extends Error {
  override readonly name = 'Z3Late';
}

/** Starts Z3, which takes scripts from now on. */
export function startZ3Thread(): Z3Thread {
  // Beside this file, as source, in the command's chunks and in a function's package.
  const file = new URL(`./z3Worker${/\.\w+$/.exec(import.meta.url)?.[0] ?? ''}`, import.meta.url);
  // Flags of the process are about its own first file.
  const worker = new Worker(file, { execArgv: [] });
  let broken: Error | undefined;
  let settle: { resolve: (output: string) => void; reject: (error: Error) => void } | undefined;
  const fail = (error: Error) => {
    broken ??= error;
    settle?.reject(broken);
  };
  worker.on('message', (output: string) => settle?.resolve(output));
  worker.on('error', (error) => fail(new Error(`z3 broke: ${messageOf(error)}`)));
  worker.on('exit', () => fail(new Error('z3 ended')));
  return {
    async run(script, timeoutMs) {
      if (broken !== undefined) throw broken;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<string>((resolve, reject) => {
          settle = { resolve, reject };
          timer = setTimeout(() => reject(new Z3Late()), timeoutMs);
          worker.postMessage(script);
        });
      } finally {
        clearTimeout(timer);
        settle = undefined;
      }
    },
    async end() {
      await worker.terminate();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A packaged function in an empty folder, driven through the Lambda Runtime API on loopback: cold at the first
 * invocation and after each that was cut off, warm otherwise. Source: Lambda Developer Guide, "Using the Lambda runtime
 * API" and "Understanding the Lambda execution environment lifecycle".
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

/** Milliseconds. */
export type Invoked = {
  readonly answer: unknown;
  /** Of a cold invocation only: from the start of the process until it asks for work. */
  readonly startMs?: number;
  readonly workMs: number;
  /** Processor time of the process so far, all its threads; absent where the system does not tell. */
  readonly processorMs?: number;
  /** The most memory it ever held; absent as above. */
  readonly peakMegabytes?: number;
};

export type LambdaFunction = {
  /** Returns what the handler returned. Throws what it threw, what its start failed with, or that its time was over. */
  invoke(event: unknown): Promise<unknown>;
  /** The same, with how long it took. */
  measure(event: unknown): Promise<Invoked>;
  /** Processes that were started so far. */
  starts(): number;
  /** What they wrote to the log, line by line. */
  log(): string[];
  /** Ends the process in the midst of whatever it does, as a crash does. Returns when it is gone. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

export type FunctionSetting = {
  readonly environment: { readonly [name: string]: string };
  /** Put beside the bundle, as packaging does with the configuration. */
  readonly files?: { readonly [name: string]: string };
  /** What the function may take. */
  readonly timeoutMs?: number;
  /** How long after that its process is killed. Absent: at once. */
  readonly graceMs?: number;
  /** By how much the function's clock is ahead of the machine's, asked at each invocation. Absent: not at all. */
  readonly aheadMs?: () => number;
  /** Folder with the zips. Absent: where `npm run package` puts them. */
  readonly zips?: string;
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Unpacks the zip of the function into a new folder. Its process is started by the first invocation. */
export async function startFunction(
  name: string,
  {
    environment,
    files = {},
    timeoutMs = 120_000,
    graceMs = 0,
    aheadMs = () => 0,
    zips = join(root, '.package'),
  }: FunctionSetting,
): Promise<LambdaFunction> {
  const folder = mkdtempSync(join(tmpdir(), `ratchet-${name}-`));
  const packed = unzipSync(readFileSync(join(zips, `${name}.zip`)));
  for (const [path, content] of [...Object.entries(packed), ...Object.entries(files)]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const api = await startRuntimeApi();
  const variables = {
    PATH: process.env['PATH'],
    AWS_LAMBDA_RUNTIME_API: api.address,
    AWS_LAMBDA_FUNCTION_NAME: `ratchet-prod-${name}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'test',
    TZ: ':UTC',
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: 'index.handler',
    ...environment,
  };
  let child: ChildProcess | undefined;
  let starts = 0;
  const written: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const end = async () => {
    if (child !== undefined) await ended(child);
    child = undefined;
    api.forget();
  };
  const once = async (event: unknown): Promise<Invoked> => {
    const from = performance.now();
    const isCold = child === undefined;
    if (child === undefined) {
      starts++;
      child = spawn(process.execPath, [join(root, 'test/package/bootstrap.mjs')], {
        cwd: folder,
        env: variables,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => written.push(text));
      child.once('exit', () => api.gone());
    }
    const ready = await api.idle();
    const startMs = performance.now() - from;
    if (ready.kind === 'failed') {
      await end();
      throw new Error(ready.error);
    }
    const started = performance.now();
    const outcome = await api.give(event, { timeoutMs, graceMs, aheadMs: aheadMs() });
    const workMs = performance.now() - started;
    if (outcome.kind === 'late') {
      await end();
      throw new Error(`Task timed out after ${timeoutMs / 1_000} seconds`);
    }
    if (outcome.kind === 'exited') {
      await end();
      throw new Error('Runtime exited without providing a reason');
    }
    if (outcome.kind === 'failed') throw new Error(outcome.error);
    return { answer: outcome.answer, workMs, ...(isCold ? { startMs } : {}), ...usageOf(child.pid) };
  };
  /** One environment takes one invocation at a time. */
  const measure = (event: unknown) => {
    const next = last.then(() => once(event));
    last = next.catch(() => {});
    return next;
  };
  return {
    measure,
    invoke: async (event) => (await measure(event)).answer,
    starts: () => starts,
    log: () =>
      written
        .join('')
        .split('\n')
        .filter((line) => line !== ''),
    crash: end,
    async stop() {
      await end();
      api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Failed = { readonly kind: 'failed'; readonly error: string };
type Giving = { readonly timeoutMs: number; readonly graceMs: number; readonly aheadMs: number };
type Outcome =
  | { readonly kind: 'done'; readonly answer: unknown }
  | Failed
  | { readonly kind: 'late' }
  | { readonly kind: 'exited' };

/** The server side of the Runtime API, for one environment. */
async function startRuntimeApi() {
  let waiting: ServerResponse | undefined;
  let whenIdle: ((ready: { readonly kind: 'idle' } | Failed) => void) | undefined;
  let whenDone: ((outcome: Outcome) => void) | undefined;
  let count = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = request.url ?? '';
      if (url.endsWith('/invocation/next')) {
        waiting = response;
        whenIdle?.({ kind: 'idle' });
        return;
      }
      const text = Buffer.concat(chunks).toString();
      response.writeHead(202).end();
      if (url.endsWith('/init/error')) whenIdle?.({ kind: 'failed', error: text });
      // What comes from an invocation that was given up is nobody's.
      else if (!url.includes(`/request-${count}/`)) return;
      else if (url.endsWith('/error')) whenDone?.({ kind: 'failed', error: text });
      else whenDone?.({ kind: 'done', answer: JSON.parse(text || 'null') });
    });
  });
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    close: () => void server.close(),
    /** Tells whoever waits for the process that it is no more. */
    gone() {
      whenIdle?.({ kind: 'failed', error: 'the process ended at its start' });
      whenDone?.({ kind: 'exited' });
    },
    /** Forgets a process that is no more. */
    forget() {
      waiting = undefined;
    },
    /** Returns when the process asks for work, or that its start failed. */
    idle: () =>
      new Promise<{ readonly kind: 'idle' } | Failed>((resolve) => {
        whenIdle = resolve;
        if (waiting !== undefined) resolve({ kind: 'idle' });
      }),
    /** Gives the event to the process that waits, and returns what came of it in time. */
    give: (event: unknown, { timeoutMs, graceMs, aheadMs }: Giving) =>
      new Promise<Outcome>((resolve) => {
        const timer = setTimeout(() => whenDone?.({ kind: 'late' }), timeoutMs + graceMs);
        whenDone = (outcome) => {
          clearTimeout(timer);
          resolve(outcome);
        };
        const response = waiting;
        waiting = undefined;
        response?.setHeader('lambda-runtime-aws-request-id', `request-${++count}`);
        response?.setHeader(
          'lambda-runtime-invoked-function-arn',
          'arn:aws:lambda:us-east-1:111122223333:function:ratchet-prod',
        );
        response?.setHeader('lambda-runtime-deadline-ms', String(Date.now() + timeoutMs));
        response?.setHeader('x-ahead-ms', String(aheadMs));
        response?.end(JSON.stringify(event));
      }),
  };
}

/** Listens on a free port of loopback and returns it. */
function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // A listening TCP server's address is never a text or null.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/**
 * Sources: proc_pid_stat(5): user and system time are fields 14 and 15, in ticks of 10 ms; proc_pid_status(5): `VmHWM` is
 * the peak of resident memory, in kB.
 */
function usageOf(pid: number | undefined): Pick<Invoked, 'processorMs' | 'peakMegabytes'> {
  const folder = `/proc/${pid}`;
  if (!existsSync(folder)) return {};
  const [, after = ''] = readFileSync(`${folder}/stat`, 'utf8').split(') ');
  const [user = '', system = ''] = after.split(' ').slice(11, 13);
  const [, peak = ''] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`${folder}/status`, 'utf8')) ?? [];
  return { processorMs: (Number(user) + Number(system)) * 10, peakMegabytes: Number(peak) / 1_024 };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

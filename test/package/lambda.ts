/** A packaged function in an empty folder, driven through the Lambda Runtime API on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

export type LambdaFunction = {
  /** Returns what the handler returned. Throws what it threw, or what its start failed with. */
  invoke(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
};

type Waiting = {
  readonly event: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Unpacks the zip into a new folder and starts it; the first `invoke` is the cold one. `files` are put beside the
 * bundle, as packaging does with the configuration.
 */
export async function startFunction(
  name: string,
  environment: { readonly [name: string]: string },
  files: { readonly [name: string]: string } = {},
): Promise<LambdaFunction> {
  const folder = mkdtempSync(join(tmpdir(), `ratchet-${name}-`));
  for (const [path, content] of Object.entries(
    unzipSync(readFileSync(join(root, '.package', `${name}.zip`))),
  )) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  const queue: Waiting[] = [];
  const running = new Map<string, Waiting>();
  let idle: ServerResponse | undefined;
  let count = 0;
  const give = () => {
    const waiting = idle === undefined ? undefined : queue.shift();
    if (idle === undefined || waiting === undefined) return;
    const id = `request-${++count}`;
    running.set(id, waiting);
    idle.setHeader('lambda-runtime-aws-request-id', id);
    idle.setHeader('lambda-runtime-deadline-ms', String(Date.now() + 120_000));
    idle.end(JSON.stringify(waiting.event));
    idle = undefined;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = request.url ?? '';
      if (url.endsWith('/invocation/next')) {
        idle = response;
        give();
        return;
      }
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString() || 'null');
      const [, id = '', verb] = /invocation\/([^/]+)\/(response|error)$/.exec(url) ?? [];
      const failed = url.endsWith('/init/error')
        ? [...queue, ...running.values()]
        : verb === 'error'
          ? [running.get(id)]
          : [];
      for (const waiting of failed) waiting?.reject(new Error(JSON.stringify(body)));
      if (verb === 'response') running.get(id)?.resolve(body);
      running.delete(id);
      response.writeHead(202).end();
    });
  });
  const port = await listen(server);
  const child = spawn(process.execPath, [join(root, 'test/package/bootstrap.mjs')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: `ratchet-prod-${name}`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'index.handler',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        queue.push({ event, resolve, reject });
        give();
      }),
    async stop() {
      await ended(child);
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Listens on a free port of loopback and returns it. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // A listening TCP server's address is never a text or null.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

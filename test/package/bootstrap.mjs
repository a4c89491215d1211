/**
 * What Lambda's runtime does, as small as it can be said: load the handler from the task's folder, then take one
 * invocation after the other from the Runtime API. Source: Lambda Developer Guide, "Using the Lambda runtime API".
 */
import dns from 'node:dns';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// S3 Control's clients put the account id before the host. Source: RFC 6761, section 6.3: all below `localhost` is loopback.
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest);

// A rehearsal plays a day within a minute: each invocation tells by how much its clock is ahead.
const RealDate = Date;
let aheadMs = 0;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + aheadMs] : given));
  }
  static now() {
    return RealDate.now() + aheadMs;
  }
};

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const [file, name] = (process.env._HANDLER ?? '').split('.');

const post = (path, value) => fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(value) });
const toError = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: String(error?.message ?? error),
});

let handler;
try {
  handler = (await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT, `${file}.mjs`)).href))[name];
} catch (error) {
  await post('/init/error', toError(error));
  process.exit(1);
}
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const event = await next.json();
  aheadMs = Number(next.headers.get('x-ahead-ms') ?? 0);
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  try {
    const context = {
      awsRequestId: id,
      invokedFunctionArn: next.headers.get('lambda-runtime-invoked-function-arn'),
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      getRemainingTimeInMillis: () => deadline - RealDate.now(),
    };
    await post(`/invocation/${id}/response`, (await handler(event, context)) ?? null);
  } catch (error) {
    await post(`/invocation/${id}/error`, toError(error));
  }
}

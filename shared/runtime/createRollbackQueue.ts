/** The queue of rollback requests, as detect and sweep fill it. Its client is loaded with the first request. */
import type { RollbackRequest } from '../guard/contract.ts';

type Send = (request: RollbackRequest) => Promise<unknown>;

/** Returns what puts a request into the queue. */
export function createRollbackQueue(queueUrl: string | undefined): Send {
  let send: Promise<Send> | undefined;
  const load = async () => (await import('./sendRollbackRequest.ts')).createSender(queueUrl);
  return async (request) => {
    send ??= load();
    return (await send)(request);
  };
}

/**
 * Kinds that hold one policy document: what differs from service to service is the calls. How a snapshot is made of what
 * they give, and a restore of them, is the same for all.
 */
import { isKeptOut, restoreByWrites } from './aws.ts';
import type { AwsClients } from './clients.ts';
import { absentSnapshot, makeSnapshot, partDocument } from './snapshot.ts';
import type { PartRole, Snapshot, TargetKind, TargetOperations, TargetPart, TargetRef } from './target.ts';

/** What a resource holds. */
type HeldDocument = {
  /** Absent or empty: it has no policy. */
  readonly document?: string | undefined;
  readonly uniqueId?: string | undefined;
  readonly created?: Date | undefined;
  /** What the API takes for compare-and-set. */
  readonly revision?: string | undefined;
  /** Where it is not the same for all of the kind. */
  readonly role?: PartRole;
  /** Settings that a restore leaves alone, written as documents. */
  readonly beside?: readonly TargetPart[];
};

type Place = { readonly accountId: string; readonly region: string };

type Write<Client> = {
  readonly operation: string;
  /** `live` is what AWS held just before. */
  readonly send: (
    client: Client,
    write: { readonly target: TargetRef; readonly document: string; readonly live: Snapshot },
  ) => Promise<unknown>;
};

export type DocumentCalls<Service extends keyof AwsClients> = {
  readonly kind: TargetKind;
  readonly service: Service;
  /** What people call the resource: `topic`. */
  readonly noun: string;
  /** What people must know of a restore: half a sentence. */
  readonly note?: string;
  /** `limit` for a document that grants nothing itself. */
  readonly role?: PartRole;
  /** Returns the whole ARN of what an event may name by less. */
  readonly resolve?: (client: AwsClients[Service], target: TargetRef) => Promise<string>;
  /** Returns what the resource holds; undefined iff it is not there. */
  readonly read: (client: AwsClients[Service], target: TargetRef) => Promise<HeldDocument | undefined>;
  /** Yields the ARNs of all, page by page. */
  readonly list: (client: AwsClients[Service], place: Place) => AsyncIterable<string>;
  readonly put: Write<AwsClients[Service]>;
  /** Absent: a policy that is there is never taken away. `document` is empty. */
  readonly remove?: Write<AwsClients[Service]>;
};

/** Returns the operations of the kind. */
export function documentTarget<Service extends keyof AwsClients>(
  calls: DocumentCalls<Service>,
): TargetOperations {
  const { kind, service, noun, note, role: standard = 'resource', put, remove } = calls;
  const read = async (target: TargetRef, client: AwsClients[Service]): Promise<Snapshot> => {
    const held = await orKeptOut(calls.read(client, target));
    if (held === undefined) return absentSnapshot(target);
    if (held === 'kept out')
      return makeSnapshot({
        target,
        exists: true,
        parts: [{ id: 'document', role: standard, document: undefined }],
      });
    const { document, uniqueId, created, revision, role = standard, beside = [] } = held;
    return makeSnapshot({
      target,
      exists: true,
      ...(uniqueId === undefined ? {} : { uniqueId }),
      ...(created === undefined ? {} : { createdAt: created.toISOString() }),
      ...(revision === undefined ? {} : { revision }),
      parts: [
        ...(document === undefined || document === '' ? [] : [{ id: 'document', role, document }]),
        ...beside,
      ],
    });
  };
  const { resolve } = calls;
  return {
    ...(resolve === undefined
      ? {}
      : {
          resolve: async (target: TargetRef, clients: AwsClients) => [
            { ...target, arn: await resolve(clients[service], target) },
          ],
        }),
    read: (target, clients) => read(target, clients[service]),
    async *list(clients, place) {
      for await (const arn of calls.list(clients[service], place)) yield { kind, arn, ...place };
    },
    async restore({ accepted, from }, clients) {
      const { target } = accepted;
      const client = clients[service];
      const document = partDocument(accepted, 'document') ?? '';
      const write = document === '' ? remove : put;
      if (write === undefined)
        return {
          kind: 'cannot-undo',
          cause: `the policy of a ${noun} can be replaced but not removed, and there is no accepted one`,
        };
      return restoreByWrites({
        accepted,
        from,
        read: () => read(target, client),
        plan: (live) => [
          {
            operation: write.operation,
            summary: `${document === '' ? 'remove' : 'restore'} the policy of ${noun} ${target.arn}${note === undefined ? '' : `; ${note}`}`,
            send: () => write.send(client, { target, document, live }),
          },
        ],
      });
    },
  };
}

/** A policy that lets nobody read it, the guard included, is there and cannot be judged. */
async function orKeptOut<T>(reading: Promise<T>): Promise<T | 'kept out'> {
  try {
    return await reading;
  } catch (error) {
    if (isKeptOut(error)) return 'kept out';
    throw error;
  }
}

/** Returns what follows the last `/` or `:` of the ARN. */
export function lastOf({ arn }: Pick<TargetRef, 'arn'>): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
}

/** Returns the document, or undefined for what some services show in the place of none. */
export function unlessEmpty(document: string | undefined): string | undefined {
  return document === undefined || /^\s*(\{\s*\})?\s*$/.test(document) ? undefined : document;
}

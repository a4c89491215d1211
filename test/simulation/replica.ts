/**
 * Reads of IAM that lag behind its writes: a second account in which every write is done a while later, at the time that
 * it was made, so that the same things have the same unique ids.
 */
import {
  createRecordedAccount,
  type RecordedAccountOptions,
  type WrittenCall,
} from '../../shared/recording/recordedAccount.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { Scheduler } from './scheduler.ts';

export type Replica = {
  /** Has the write done in the replica too, once the lag is over. */
  follow(call: WrittenCall): void;
  /** Answers reads as of a while ago. */
  readonly clients: AwsClients;
};

/** Returns a replica that lags by so many milliseconds. */
export function createReplica(
  { services, managedPolicy }: Pick<RecordedAccountOptions, 'services' | 'managedPolicy'>,
  {
    scheduler,
    place,
    lagMs,
  }: {
    readonly scheduler: Scheduler;
    readonly place: { readonly accountId: string; readonly region: string };
    readonly lagMs: number;
  },
): Replica {
  let madeAt = new Date(scheduler.now());
  const account = createRecordedAccount({
    services,
    ...(managedPolicy === undefined ? {} : { managedPolicy }),
    clock: () => madeAt,
  });
  const clients = account.clientsFor(place);
  return {
    clients,
    follow({ service, operation, input }) {
      const at = new Date(scheduler.now());
      scheduler.after(lagMs, async () => {
        madeAt = at;
        const { send } = clients[service] as { send(command: unknown): Promise<unknown> }; // What a stand-in looks at of a command.
        await send({ constructor: { name: `${operation}Command` }, input });
      });
    },
  };
}

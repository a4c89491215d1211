/**
 * Reads that lag behind writes: a second account in which every write is done a while later, as of the time at which it
 * was made, so that unique ids are the same.
 */

import type { Place } from '../../shared/guard/contract.ts';
import {
  createRecordedAccount,
  type RecordedAccountOptions,
  type WrittenCall,
} from '../../shared/recording/recordedAccount.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';

export type Replica = {
  /** Does the write that was made at that time in the replica too. */
  follow(call: WrittenCall, at: Date): Promise<void>;
  /** Answers reads as of whatever it followed. */
  clientsFor(place: Place): AwsClients;
};

/** Returns a replica that has followed nothing. */
export function createReplica(options: Pick<RecordedAccountOptions, 'services' | 'managedPolicy'>): Replica {
  let madeAt = new Date(0);
  const account = createRecordedAccount({ ...options, clock: () => madeAt });
  return {
    clientsFor: account.clientsFor,
    async follow({ service, operation, input, record }, at) {
      madeAt = at;
      const place = { accountId: String(record['recipientAccountId']), region: String(record['awsRegion']) };
      const { send } = account.clientsFor(place)[service] as { send(command: unknown): Promise<unknown> }; // What a stand-in looks at of a command.
      await send({ constructor: { name: `${operation}Command` }, input });
    },
  };
}

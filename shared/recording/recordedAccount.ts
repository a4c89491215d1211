/**
 * The accounts that a trail shows, in memory: each record is done again as the call it tells of, and clients that
 * look like the SDK's are answered from what came of it. So the same guard runs without AWS.
 */

import { partitionOf } from '../policy/arn.ts';
import type { AwsClients } from '../targets/clients.ts';
import type { ClientsFor } from '../targets/target.ts';
import {
  type Account,
  AwsError,
  capitalised,
  createAccount,
  type Input,
  type OperationContext,
  type RecordedService,
  uncapitalised,
} from './account.ts';

type Service = keyof AwsClients;

/** What is known of each service's calls. */
export type RecordedServices = { readonly [service in Service]?: RecordedService };

/** A call that changes something, made through a client, as CloudTrail would record it. */
export type WrittenCall = {
  readonly service: Service;
  readonly operation: string;
  readonly input: Input;
  /** In CloudTrail's shape, to be put into the trail by whoever listens. */
  readonly record: { readonly [field: string]: unknown };
};

export type RecordedAccountOptions = {
  readonly services: RecordedServices;
  /** Document of an AWS managed policy by ARN; AWS's own policies stand in no trail. */
  readonly managedPolicy?: (arn: string) => string | undefined;
  /** Called after each successful write through a client. */
  readonly onWrite?: (call: WrittenCall) => void;
  /** Who makes the calls through the clients: `userIdentity` of their records. */
  readonly actor?: { readonly [field: string]: unknown };
  /** What the time is for calls through the clients. Absent: that of the last record. */
  readonly clock?: () => Date;
};

export type RecordedAccount = {
  /** Does the record's call again, if it is one that is known and succeeded. Records repeated or out of order do no harm. */
  applyRecord(record: unknown): void;
  readonly clientsFor: ClientsFor;
  /** "Now" to the account. */
  now(): Date;
};

/** Returns accounts that hold nothing yet; each comes into being when a record or a client names it. */
export function createRecordedAccount(options: RecordedAccountOptions): RecordedAccount {
  const { services } = options;
  const bySource = sourcesOf(services);
  const accounts = new Map<string, Account>();
  const managedPolicy = options.managedPolicy ?? (() => undefined);
  let lastRecord = new Date(0);
  const clock = options.clock ?? (() => lastRecord);
  let writes = 0;
  const accountOf = (accountId: string, region: string): Account => {
    let account = accounts.get(accountId);
    if (account === undefined) {
      account = createAccount(accountId, partitionOf(region));
      accounts.set(accountId, account);
    }
    return account;
  };
  const send = (service: Service, accountId: string, region: string) => async (command: SdkCommand) => {
    const operation = command.constructor.name.replace(/Command\d*$/, '');
    const run = services[service]?.operations[operation];
    if (run === undefined)
      throw new AwsError('NotImplemented', `the recorded account does not know ${operation}`);
    const now = clock();
    const output = run(accountOf(accountId, region), command.input, {
      now,
      region,
      lenient: false,
      managedPolicy,
    });
    if (!READS.test(operation)) {
      writes++;
      const record = toRecord(services, {
        service,
        operation,
        input: command.input,
        output,
        accountId,
        region,
        now,
        count: writes,
      });
      options.onWrite?.({
        service,
        operation,
        input: command.input,
        record: { ...record, userIdentity: options.actor ?? {} },
      });
    }
    return output;
  };
  return {
    applyRecord(record) {
      const call = toCall(bySource, record);
      if (call === undefined) return;
      if (call.time > lastRecord) lastRecord = call.time;
      const context: OperationContext = {
        now: call.time,
        region: call.region,
        lenient: true,
        managedPolicy,
        ...(call.uniqueId === undefined ? {} : { uniqueId: call.uniqueId }),
      };
      try {
        services[call.service]?.operations[call.operation]?.(
          accountOf(call.accountId, call.region),
          call.input,
          context,
        );
      } catch (error) {
        // A record without what its call needs (cut parameters) tells nothing that could be done again.
        if (!(error instanceof AwsError)) throw error;
      }
    },
    clientsFor: ({ accountId, region }) => {
      const clients = (Object.keys(services) as Service[]).map((service) => [
        service,
        { send: send(service, accountId, region) },
      ]);
      // Each stand-in has the one method that is used, with the SDK's many overloads left out.
      return Object.fromEntries(clients) as AwsClients;
    },
    now: clock,
  };
}

type SdkCommand = { readonly constructor: { readonly name: string }; readonly input: Input };

const READS = /^(Get|List|Head|Describe)/;

type Call = {
  readonly service: Service;
  readonly operation: string;
  readonly input: Input;
  readonly accountId: string;
  readonly region: string;
  readonly time: Date;
  readonly uniqueId: string | undefined;
};

type BySource = ReadonlyMap<string, readonly (readonly [Service, RecordedService])[]>;

/** Services by the source of their events; S3 and its control API share one. */
function sourcesOf(services: RecordedServices): BySource {
  const known = Object.entries(services) as [Service, RecordedService][];
  return Map.groupBy(known, ([, { source }]) => source);
}

/** Returns the call of a successful record of a known operation, its parameters named as the API names them. */
function toCall(bySource: BySource, value: unknown): Call | undefined {
  const record = asInput(isEnvelope(value) ? value.detail : value);
  if (record['errorCode'] !== undefined) return undefined;
  const eventName = String(record['eventName']);
  const time = new Date(String(record['eventTime']));
  if (Number.isNaN(time.getTime())) return undefined;
  const found = (bySource.get(String(record['eventSource'])) ?? [])
    .map(([service, recorded]) => {
      const operation = recorded.toOperation?.(eventName) ?? eventName;
      return { service, recorded, operation };
    })
    .find(
      ({ recorded, operation }) => Object.hasOwn(recorded.operations, operation) && !READS.test(operation),
    );
  if (found === undefined) return undefined;
  const { service, recorded, operation } = found;
  const request = asInput(record['requestParameters']);
  const identity = asInput(record['userIdentity']);
  return {
    service,
    operation,
    input: (recorded.toInput ?? capitalised)(request, {
      ...asInput(record['additionalEventData']),
      ...asInput(record['responseElements']),
    }),
    accountId: String(record['recipientAccountId'] ?? identity['accountId'] ?? ''),
    region: String(record['awsRegion'] ?? ''),
    time,
    uniqueId: statedId(asInput(record['responseElements'])),
  };
}

function isEnvelope(value: unknown): value is { readonly detail: unknown } {
  return typeof value === 'object' && value !== null && 'detail' in value && !('eventName' in value);
}

type Written = Omit<Call, 'time' | 'uniqueId'> & {
  readonly output: Input;
  readonly now: Date;
  readonly count: number;
};

function toRecord(
  services: RecordedServices,
  { service, operation, input, output, accountId, region, now, count }: Written,
): Input {
  const { source = service, toEventName, toRequest = uncapitalised, toResponse } = services[service] ?? {};
  return {
    eventVersion: '1.08',
    eventSource: source,
    eventName: toEventName?.(operation) ?? operation,
    eventTime: now.toISOString().replace('.000Z', 'Z'),
    eventID: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    awsRegion: region,
    recipientAccountId: accountId,
    requestParameters: toRequest(input),
    responseElements: toResponse?.(output) ?? null,
    readOnly: false,
    eventType: 'AwsApiCall',
  };
}

/** The unique id in the response of a creation: `role.roleId`, `user.userId`, `policy.policyId`, … */
function statedId(response: Input): string | undefined {
  for (const [name, value] of Object.entries(response)) {
    const id = asInput(value)[`${name}Id`];
    if (typeof id === 'string') return id;
  }
  return undefined;
}

function asInput(value: unknown): Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {};
}

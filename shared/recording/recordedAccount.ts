/**
 * The accounts that a trail shows, in memory: each record is done again as the call it tells of, and clients that
 * look like the SDK's are answered from what came of it. So the same guard runs without AWS.
 */
import type { AwsClients, ClientsFor } from '../targets/target.ts';
import {
  type Account,
  AwsError,
  createAccount,
  type Input,
  type OperationContext,
  type OperationTable,
} from './account.ts';
import { IAM_OPERATIONS } from './iamOperations.ts';
import { LAMBDA_OPERATIONS } from './lambdaOperations.ts';
import { S3_OPERATIONS } from './s3Operations.ts';

/** Every operation that is known, by service and name. */
export const OPERATIONS: { readonly [service in keyof AwsClients]: OperationTable } = {
  iam: IAM_OPERATIONS,
  s3: S3_OPERATIONS,
  lambda: LAMBDA_OPERATIONS,
};

type Service = keyof AwsClients;

/** A call that changes something, made through a client, as CloudTrail would record it. */
export type WrittenCall = {
  readonly service: Service;
  readonly operation: string;
  readonly input: Input;
  /** In CloudTrail's shape, to be put into the trail by whoever listens. */
  readonly record: { readonly [field: string]: unknown };
};

export type RecordedAccountOptions = {
  /** Document of an AWS managed policy by ARN; AWS's own policies stand in no trail. */
  readonly managedPolicy?: (arn: string) => string | undefined;
  /** Called after each successful write through a client. */
  readonly onWrite?: (call: WrittenCall) => void;
  /** Who makes the calls through the clients: `userIdentity` of their records. */
  readonly actor?: { readonly [field: string]: unknown };
};

export type RecordedAccount = {
  /** Does the record's call again, if it is one that is known and succeeded. Records repeated or out of order do no harm. */
  applyRecord(record: unknown): void;
  readonly clientsFor: ClientsFor;
  /** The time of the last record: "now" to the account. */
  now(): Date;
};

/** Returns accounts that hold nothing yet; each comes into being when a record or a client names it. */
export function createRecordedAccount(options: RecordedAccountOptions = {}): RecordedAccount {
  const accounts = new Map<string, Account>();
  const managedPolicy = options.managedPolicy ?? (() => undefined);
  let now = new Date(0);
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
    const run = OPERATIONS[service][operation];
    if (run === undefined)
      throw new AwsError('NotImplemented', `the recorded account does not know ${operation}`);
    const output = run(accountOf(accountId, region), command.input, {
      now,
      region,
      lenient: false,
      managedPolicy,
    });
    if (!READS.test(operation)) {
      writes++;
      const record = toRecord({
        service,
        operation,
        input: command.input,
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
      const call = toCall(record);
      if (call === undefined) return;
      if (call.time > now) now = call.time;
      const context: OperationContext = {
        now: call.time,
        region: call.region,
        lenient: true,
        managedPolicy,
        ...(call.uniqueId === undefined ? {} : { uniqueId: call.uniqueId }),
      };
      try {
        OPERATIONS[call.service][call.operation]?.(
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
      const client = (service: Service) => ({ send: send(service, accountId, region) });
      // The stand-in has the one method that is used, with the SDK's many overloads left out.
      return { iam: client('iam'), s3: client('s3'), lambda: client('lambda') } as unknown as AwsClients;
    },
    now: () => now,
  };
}

type SdkCommand = { readonly constructor: { readonly name: string }; readonly input: Input };

const READS = /^(Get|List|Head)/;

type Call = {
  readonly service: Service;
  readonly operation: string;
  readonly input: Input;
  readonly accountId: string;
  readonly region: string;
  readonly time: Date;
  readonly uniqueId: string | undefined;
};

const SERVICES: { readonly [source: string]: Service } = {
  'iam.amazonaws.com': 'iam',
  's3.amazonaws.com': 's3',
  'lambda.amazonaws.com': 'lambda',
};

/** Returns the call of a successful record of a known operation, its parameters named as the API names them. */
function toCall(value: unknown): Call | undefined {
  const record = asInput(isEnvelope(value) ? value.detail : value);
  const service = SERVICES[String(record['eventSource'])];
  if (service === undefined || record['errorCode'] !== undefined) return undefined;
  // Lambda's event names end in the API's date.
  const operation = String(record['eventName']).replace(/\d{8}(v\d+)?$/, '');
  const time = new Date(String(record['eventTime']));
  if (OPERATIONS[service][operation] === undefined || READS.test(operation) || Number.isNaN(time.getTime()))
    return undefined;
  const identity = asInput(record['userIdentity']);
  return {
    service,
    operation,
    input: toInput(service, asInput(record['requestParameters'])),
    accountId: String(record['recipientAccountId'] ?? identity['accountId'] ?? ''),
    region: String(record['awsRegion'] ?? ''),
    time,
    uniqueId: statedId(asInput(record['responseElements'])),
  };
}

function isEnvelope(value: unknown): value is { readonly detail: unknown } {
  return typeof value === 'object' && value !== null && 'detail' in value && !('eventName' in value);
}

/** `roleName` → `RoleName`; S3 calls its bucket and its policy by other names in records. */
function toInput(service: Service, request: Input): Input {
  const input: { [parameter: string]: unknown } = {};
  for (const [name, value] of Object.entries(request))
    input[`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`] = value;
  if (service === 's3') {
    input['Bucket'] = request['bucketName'];
    if (typeof request['bucketPolicy'] === 'object')
      input['Policy'] = JSON.stringify(request['bucketPolicy']);
  }
  return input;
}

/** The inverse, for records of writes made through a client. */
function toRequest(service: Service, input: Input): Input {
  const request: { [name: string]: unknown } = {};
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined) request[`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`] = value;
  }
  if (service === 's3') {
    request['bucketName'] = input['Bucket'];
    if (typeof input['Policy'] === 'string') request['bucketPolicy'] = JSON.parse(input['Policy']);
  }
  return request;
}

type Written = Omit<Call, 'time' | 'uniqueId'> & { readonly now: Date; readonly count: number };

function toRecord({ service, operation, input, accountId, region, now, count }: Written): Input {
  return {
    eventVersion: '1.08',
    eventSource: `${service}.amazonaws.com`,
    eventName: service === 'lambda' ? `${operation}20150331v2` : operation,
    eventTime: now.toISOString().replace('.000Z', 'Z'),
    eventID: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    awsRegion: region,
    recipientAccountId: accountId,
    requestParameters: toRequest(service, input),
    responseElements: null,
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

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

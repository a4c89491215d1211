/**
 * AWS on loopback, for real SDK clients: an account, others by roles in them, and any Region; S3 REST, the Query protocols, JSON 1.0 and 1.1 and
 * REST JSON, over the account of `shared/recording`. So serialisation, errors, throttling, retries and paging are the
 * SDK's own, and what a client writes comes out as CloudTrail would record it.
 *
 * Limits: signatures are read for service, Region and key id, and not checked; nobody is denied anything but by a
 * fault that a test orders. What the recorded account does not know is `NotImplemented`. Events go nowhere by
 * themselves: a test takes them from `records`. Names of hosts mean nothing: `clients.ts` sees to the one service
 * that would have it otherwise, S3 Control. What the operations themselves leave out stands in `objects.ts`, `queues.ts` and there.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsError } from '../../shared/recording/account.ts';
import {
  createRecordedAccount,
  type RecordedAccount,
  type WrittenCall,
} from '../../shared/recording/recordedAccount.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { type Arrived, listen } from './listen.ts';
import { createObjects, type Objects } from './objects.ts';
import { createQueues, type Queues } from './queues.ts';
import { type Input, readRequest, type WireRequest } from './readRequest.ts';
import { createReplica } from './replica.ts';
import { type Service, type ServiceName, serviceOf } from './services.ts';
import { type WireAnswer, writeAnswer, writeError } from './writeAnswer.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** An attempt of a call, as it arrived. */
export type Attempt = { readonly service: ServiceName; readonly operation: string; readonly input: Input };

/** What goes wrong with the next `times` attempts of an operation. */
export type Fault = {
  readonly operation: string;
  /** Absent: whatever the input. */
  readonly when?: (input: Input) => boolean;
  readonly times: number;
  /**
   * `lost`: it is done, and the connection breaks before the answer. `hang`: nothing is done and nothing comes.
   * `partial`: of a batch the first entry is refused, and the answer is a success that says so. Otherwise an error by
   * AWS's name, and nothing is done.
   */
  readonly how:
    | 'lost'
    | 'hang'
    | 'partial'
    | { readonly code: string; readonly status: number; readonly message?: string };
};

export type Wire = {
  readonly endpoint: string;
  readonly account: RecordedAccount;
  readonly objects: Objects;
  readonly queues: Queues;
  /** Every attempt, in order of arrival. */
  readonly attempts: Attempt[];
  /** Writes through clients as CloudTrail records them. */
  readonly records: { readonly [field: string]: unknown }[];
  /** What was published to topics. */
  readonly published: { readonly subject: string; readonly message: string }[];
  /** Inputs of calls that hand something to another service: PutEvents, BatchImportFindings. */
  readonly handedOver: { readonly operation: string; readonly input: Input }[];
  fail(fault: Fault): void;
  /** The next so many reads of IAM know nothing of what is written from now on; the one after them knows all. */
  lag(reads: number): void;
  close(): Promise<void>;
};

/** Who signs, as CloudTrail tells it; what it does is done in its account. */
export type Caller = {
  readonly type: string;
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
};

export type WireOptions = {
  /** `userIdentity` of whoever signs with the key id; anybody else is the user alice. */
  readonly identities?: { readonly [accessKeyId: string]: Caller };
  readonly managedPolicy?: (arn: string) => string | undefined;
  /** In ms. Absent: the time of day. */
  readonly now?: () => number;
  /** Operations beside the account's own, by `service:Operation`: what a deployed stack tells of itself. */
  readonly operations?: OwnOperations;
  /** What passes between the first look and the end of a write to S3. Absent: three milliseconds. */
  readonly whileWriting?: () => Promise<unknown>;
};

/** Errors are thrown as `AwsError`. Undefined: answered as without it. */
export type OwnOperations = {
  readonly [operation: string]: (
    input: Input,
    accessKeyId: string,
  ) => Input | undefined | Promise<Input | undefined>;
};

const ALICE: Caller = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLE00001',
  arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  accountId: ACCOUNT,
};

/** Settings of a client that talks to the wire. */
export function clientSettings({ endpoint }: Pick<Wire, 'endpoint'>) {
  return { endpoint, region: REGION, credentials: { accessKeyId: 'ALICE', secretAccessKey: 'x' } };
}

/** Starts the server on a free port of loopback. */
export async function startWire({
  identities = {},
  managedPolicy,
  now = Date.now,
  operations = {},
  whileWriting = () => delay(3),
}: WireOptions = {}): Promise<Wire> {
  const records: { readonly [field: string]: unknown }[] = [];
  let actor: Caller = ALICE;
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    clock: () => new Date(now()),
    ...(managedPolicy === undefined ? {} : { managedPolicy }),
    onWrite: (call) => {
      records.push({ ...call.record, userIdentity: actor });
      if (call.service === 'iam') unseen.push({ call, at: new Date(now()) });
    },
  });
  const replica = createReplica({
    services: RECORDED_SERVICES,
    ...(managedPolicy === undefined ? {} : { managedPolicy }),
  });
  const unseen: { readonly call: WrittenCall; readonly at: Date }[] = [];
  let lagging = 0;
  let seen = 0;
  const catchUp = async (count: number) => {
    for (const { call, at } of unseen.splice(0, count)) await replica.follow(call, at);
  };
  /** Which account answers: what lags has seen what was written before it began to. */
  const accountFor = async (operation: string) => {
    const isLagging = lagging > 0;
    await catchUp(isLagging ? seen : unseen.length);
    seen = 0;
    if (!isLagging || !/^(Get|List)/.test(operation)) return account;
    lagging--;
    return replica;
  };
  const buckets = new Set<string>();
  const objects = createObjects((bucket) => buckets.has(bucket), whileWriting);
  const queues = createQueues(now);
  const attempts: Attempt[] = [];
  const published: { subject: string; message: string }[] = [];
  const handedOver: { operation: string; input: Input }[] = [];
  const faults: { fault: Fault; left: number }[] = [];
  let isPartial = false;

  /** Whoever signs with keys that were given for a role. */
  const assumed = new Map<string, Caller>();
  const callerOf = (accessKeyId: string) => identities[accessKeyId] ?? assumed.get(accessKeyId) ?? ALICE;
  const own: OwnOperations = {
    'sts:GetCallerIdentity': (_, accessKeyId) => {
      const { accountId, arn, principalId } = callerOf(accessKeyId);
      return { Account: accountId, Arn: arn, UserId: principalId };
    },
    'sts:AssumeRole': (input) => {
      const [RoleArn, session] = [String(input['RoleArn']), String(input['RoleSessionName'])];
      const accountId = RoleArn.split(':')[4] ?? '';
      const name = RoleArn.split('/').at(-1) ?? '';
      const arn = `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`;
      const AccessKeyId = `ASIA${assumed.size}`;
      const principalId = `AROA${accountId}${name}:${session}`;
      assumed.set(AccessKeyId, { type: 'AssumedRole', principalId, arn, accountId });
      return {
        Credentials: {
          AccessKeyId,
          SecretAccessKey: 'x',
          SessionToken: 'x',
          Expiration: new Date(now() + 3_600_000),
        },
        AssumedRoleUser: { Arn: arn, AssumedRoleId: principalId },
      };
    },
    'sns:Publish': (input) => {
      published.push({ subject: String(input['Subject'] ?? ''), message: String(input['Message']) });
      return { MessageId: randomUUID() };
    },
    'eventBridge:PutEvents': (input) => {
      const entries = input['Entries'] as readonly unknown[]; // Told by the schema.
      const taken = isPartial ? entries.slice(1) : entries;
      handedOver.push({ operation: 'PutEvents', input: { ...input, Entries: taken } });
      return {
        FailedEntryCount: entries.length - taken.length,
        Entries: entries.map((entry) =>
          taken.includes(entry)
            ? { EventId: randomUUID() }
            : { ErrorCode: 'InternalFailure', ErrorMessage: 'busy' },
        ),
      };
    },
    'securityHub:BatchImportFindings': (input) => {
      const findings = input['Findings'] as readonly { readonly Id?: string }[]; // Told by the schema.
      const [first, ...rest] = findings;
      const taken = isPartial ? rest : findings;
      handedOver.push({ operation: 'BatchImportFindings', input: { ...input, Findings: taken } });
      return {
        FailedCount: findings.length - taken.length,
        SuccessCount: taken.length,
        FailedFindings:
          taken === findings ? [] : [{ Id: first?.Id, ErrorCode: 'InternalError', ErrorMessage: 'busy' }],
      };
    },
    ...operations,
  };

  // Known when the server listens, which is before the first request.
  let port = 0;
  const endpoint = () => `http://127.0.0.1:${port}`;
  const run = async (service: Service, operation: string, input: Input, scope: Scope): Promise<Input> => {
    const mine = await own[`${service.name}:${operation}`]?.(input, scope.accessKeyId);
    if (mine !== undefined) return mine;
    const onObjects = service.name === 's3' ? objects.operations[operation] : undefined;
    if (onObjects !== undefined) return onObjects(input);
    const onMessages = service.name === 'sqs' ? queues.run(operation, input) : undefined;
    if (onMessages !== undefined && operation !== 'CreateQueue') return onMessages;
    const { accountId } = callerOf(scope.accessKeyId);
    const answering = service.name === 'iam' ? await accountFor(operation) : account;
    const clients = answering.clientsFor({ accountId, region: scope.region });
    const client: unknown = clients[service.name as keyof AwsClients]; // Undefined for the functions' own services.
    if (!isSender(client)) throw new AwsError('NotImplemented', `the wire does not know ${operation}`);
    const output = await client.send(service.commandOf(operation, input));
    if (service.name === 's3' && operation === 'CreateBucket') buckets.add(String(input['Bucket']));
    const { QueueUrl: url } = output;
    return typeof url === 'string'
      ? { ...output, QueueUrl: url.replace(/^https:\/\/[^/]+/, endpoint()) }
      : output;
  };

  const answer = async (request: WireRequest, id: string): Promise<WireAnswer | 'lost' | 'hang'> => {
    const scope = scopeOf(request);
    const service = await serviceOf(scope.service, request.path);
    if (service === undefined)
      return { status: 501, headers: {}, body: `the wire does not speak for ${scope.service}` };
    const fail = (name: string, message: string, given?: { code: string; status: number }) =>
      writeError(service, given ?? service.errorOf(name), { name, message, id });
    const asked = await readRequest(service, request);
    if (asked === undefined) return fail('NotImplemented', `${request.method} ${request.path} is not known`);
    const { operation, input } = asked;
    attempts.push({ service: service.name, operation: operation.name, input });
    const ordered = faults.find(
      ({ fault, left }) => left > 0 && fault.operation === operation.name && (fault.when?.(input) ?? true),
    );
    if (ordered !== undefined) ordered.left--;
    const how = ordered?.fault.how;
    if (how === 'hang') return how;
    if (typeof how === 'object') return fail(how.code, how.message ?? how.code, how);
    actor = callerOf(scope.accessKeyId);
    isPartial = how === 'partial';
    try {
      const output = await run(service, operation.name, input, scope);
      return how === 'lost' ? how : writeAnswer(service, operation, output, id);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return fail(error.name, error.message);
    }
  };

  const listening = await listen(async (arrived) => {
    const id = randomUUID();
    const answered = await answer(toRequest(arrived), id);
    if (typeof answered === 'string') return answered;
    const { status, headers, body } = answered;
    const length = String(Buffer.byteLength(body));
    return { status, body, headers: { 'content-length': length, 'x-amzn-requestid': id, ...headers } };
  });
  port = listening.port;
  return {
    endpoint: endpoint(),
    account,
    objects,
    queues,
    attempts,
    records,
    published,
    handedOver,
    fail: (fault) => void faults.push({ fault, left: fault.times }),
    lag(reads) {
      lagging = reads;
      seen = unseen.length;
    },
    close: listening.close,
  };
}

function isSender(client: unknown): client is { send(command: object): Promise<Input> } {
  return typeof client === 'object' && client !== null && 'send' in client;
}

type Scope = { readonly accessKeyId: string; readonly region: string; readonly service: string };

/** `Credential=KEY/20260101/us-east-1/iam/aws4_request`. Source: IAM User Guide, "AWS Signature Version 4". */
function scopeOf({ headers }: WireRequest): Scope {
  const [, accessKeyId = '', , region = REGION, service = ''] =
    /Credential=([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return { accessKeyId, region, service };
}

function toRequest({ method, url, headers, body }: Arrived): WireRequest {
  const { pathname, searchParams } = new URL(url, 'http://wire');
  const isChunked = headers['content-encoding']?.includes('aws-chunked') === true;
  return { method, path: pathname, query: searchParams, headers, body: isChunked ? unchunk(body) : body };
}

/** A body in signed chunks: sizes in hex between the pieces, and a trailer. */
function unchunk(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = end < 0 ? 0 : Number.parseInt(body.subarray(at, end).toString(), 16);
    if (!size) return Buffer.concat(pieces);
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

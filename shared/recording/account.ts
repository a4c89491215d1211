/**
 * One AWS account in memory, as far as the guard reads and writes it: IAM principals and managed policies, buckets
 * with their policies, Lambda functions with theirs. Plain data; the operations stand in one table a service.
 */

import { createHash } from 'node:crypto';
import { parseArn } from '../policy/arn.ts';
import type { AwsClients } from '../targets/clients.ts';

/** An error as AWS names it. */
export class AwsError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type Principal = {
  name: string;
  path: string;
  id: string;
  created: Date;
  /** Inline policies by name. */
  readonly inline: Map<string, string>;
  /** ARNs of attached managed policies. */
  readonly attached: Set<string>;
  boundary: string | undefined;
  /** Roles only. */
  trust: string | undefined;
  /** Groups only: names of the members. */
  readonly members: Set<string>;
};

export type PrincipalKind = 'Role' | 'User' | 'Group';

type PolicyVersion = { readonly id: string; readonly document: string; readonly created: Date };

export type ManagedPolicy = {
  readonly arn: string;
  readonly id: string;
  readonly created: Date;
  /** In order of creation. */
  readonly versions: PolicyVersion[];
  defaultVersion: string;
  /** Number of the next version: numbers are never used again. */
  next: number;
};

export type LambdaFunction = {
  readonly arn: string;
  readonly created: Date;
  /** By statement id; kept by qualifier as Lambda keeps them. */
  readonly statements: Map<string, { readonly [element: string]: unknown }>;
  revision: number;
};

/** A resource that holds a policy of its own and of which no more is known: a topic, a queue, a key, a table, … */
export type Resource = {
  readonly arn: string;
  readonly created: Date;
  /** The policy as JSON text. */
  policy: string | undefined;
  /** Counts the writes; services with compare-and-set show it. */
  revision: number;
  /** What else a service keeps of it: grants, sharing lists, settings. */
  readonly facts: Map<string, unknown>;
};

export type Bucket = {
  readonly created: Date;
  /** Absent: the trail never showed where. */
  readonly region?: string;
  policy: string | undefined;
  /** Absent: never set. */
  publicAccessBlock?: Input | undefined;
  ownership?: string | undefined;
  /** Absent: the owner alone, with everything. */
  grants?: readonly unknown[] | undefined;
};

export type Account = {
  readonly accountId: string;
  readonly partition: string;
  readonly principals: { readonly [kind in PrincipalKind]: Map<string, Principal> };
  readonly policies: Map<string, ManagedPolicy>;
  readonly buckets: Map<string, Bucket>;
  /** By ARN, qualifier included. */
  readonly functions: Map<string, LambdaFunction>;
  /** Whatever holds one policy, by ARN. */
  readonly resources: Map<string, Resource>;
};

/** What an operation is done with. */
export type OperationContext = {
  readonly now: Date;
  readonly region: string;
  /**
   * False for calls through a client, which are answered as AWS answers. True for records of a trail: the call
   * succeeded, so what it touched was there; what the trail never showed comes into being.
   */
  readonly lenient: boolean;
  /** Document of an AWS managed policy. */
  readonly managedPolicy: (arn: string) => string | undefined;
  /** Unique id that the record of a creation states. */
  readonly uniqueId?: string;
};

export type Input = { readonly [parameter: string]: unknown };

/** Returns what AWS returns (without metadata). Throws `AwsError`. */
export type Operation = (account: Account, input: Input, context: OperationContext) => Input;

export type OperationTable = { readonly [name: string]: Operation };

/** How the calls of a service stand in a trail, and what they do. */
export type RecordedService = {
  /** The client whose calls these are. */
  readonly client: keyof AwsClients;
  /** As in `eventSource`: `kms.amazonaws.com`. */
  readonly source: string;
  readonly operations: OperationTable;
  /** Event's name → operation's name. Absent: the same. */
  readonly toOperation?: (eventName: string) => string;
  readonly toEventName?: (operation: string) => string;
  /**
   * `requestParameters` (and what the record says the call gave) → the call's input. Absent: the first letter of each
   * name is made a capital.
   */
  readonly toInput?: (request: Input, response: Input) => Input;
  /** The inverse. Absent: the first letter of each name is made small. */
  readonly toRequest?: (input: Input) => Input;
  /** What the call gave → `responseElements`. Absent: null. */
  readonly toResponse?: (output: Input) => Input;
};

/** Returns the parameters as the API names them: `roleName` → `RoleName`. */
export function capitalised(request: Input): Input {
  return renamed(request, (letter) => letter.toUpperCase());
}

/** Returns the parameters as CloudTrail names them: `RoleName` → `roleName`. */
export function uncapitalised(input: Input): Input {
  return renamed(input, (letter) => letter.toLowerCase());
}

function renamed(parameters: Input, change: (letter: string) => string): Input {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [`${change(name.slice(0, 1))}${name.slice(1)}`, value]),
  );
}

/** Returns an account that holds nothing. */
export function createAccount(accountId: string, partition = 'aws'): Account {
  return {
    accountId,
    partition,
    principals: { Role: new Map(), User: new Map(), Group: new Map() },
    policies: new Map(),
    buckets: new Map(),
    functions: new Map(),
    resources: new Map(),
  };
}

/** Older than every trail: what was there before the first record is not new. */
export const BEFORE_THE_TRAIL = new Date('2000-01-01T00:00:00Z');

/** Returns a unique id of AWS's shape that follows from what it names and when that was made. */
export function uniqueIdOf(prefix: string, name: string, created: Date): string {
  const digest = createHash('sha256')
    .update(`${prefix} ${name} ${created.toISOString()}`)
    .digest('hex')
    .toUpperCase();
  return `${prefix}${digest.slice(0, 17)}`;
}

/**
 * Returns the resource of that ARN. Throws `AwsError` by the service's own name for what is not there; in a trail,
 * where what was touched was there, it comes into being.
 */
export function resourceOf(
  account: Account,
  arn: string,
  { lenient, notFound }: Pick<OperationContext, 'lenient'> & { readonly notFound: string },
): Resource {
  let resource = account.resources.get(arn);
  if (resource === undefined) {
    if (!lenient) throw new AwsError(notFound, `there is no ${arn}`);
    resource = makeResource(account, arn, BEFORE_THE_TRAIL);
  }
  return resource;
}

/** Puts a new resource into the account and returns it; one that was there before is gone. */
export function makeResource(account: Account, arn: string, created: Date): Resource {
  const resource: Resource = { arn, created, policy: undefined, revision: 1, facts: new Map() };
  account.resources.set(arn, resource);
  return resource;
}

/** Returns the resources of a service and Region, in order of their making. */
export function resourcesOf(account: Account, service: string, region: string): Resource[] {
  return [...account.resources.values()].filter(({ arn }) => {
    const { service: itsService, region: itsRegion } = parseArn(arn);
    return itsService === service && itsRegion === region;
  });
}

/** Returns the items of a page, and the token of the next one if there is one. `token` is what the page before gave. */
export function pageOf<T>(
  items: readonly T[],
  token: unknown,
  size: number,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const start = typeof token === 'string' ? Number(token) : 0;
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined };
}

/** Returns a parameter that must be a text. */
export function required(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('ValidationError', `${name} must be given`);
}

/** Returns a parameter that may be a text. */
export function optional(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * One AWS account in memory, as far as the guard reads and writes it: IAM principals and managed policies, buckets
 * with their policies, Lambda functions with theirs. Plain data; the operations stand in one table a service.
 */
import { createHash } from 'node:crypto';

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

export type PolicyVersion = { readonly id: string; readonly document: string; readonly created: Date };

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

export type Account = {
  readonly accountId: string;
  readonly partition: string;
  readonly principals: { readonly [kind in PrincipalKind]: Map<string, Principal> };
  readonly policies: Map<string, ManagedPolicy>;
  readonly buckets: Map<string, { readonly created: Date; policy: string | undefined }>;
  /** By ARN, qualifier included. */
  readonly functions: Map<string, LambdaFunction>;
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

/** Returns an account that holds nothing. */
export function createAccount(accountId: string, partition = 'aws'): Account {
  return {
    accountId,
    partition,
    principals: { Role: new Map(), User: new Map(), Group: new Map() },
    policies: new Map(),
    buckets: new Map(),
    functions: new Map(),
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

/**
 * A target is one place where access is decided. One file a kind says how to read it, how to tell whether it
 * changed, and how to put a former content back. These files hold the only reads and writes of policies.
 */
import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';

export type TargetKind =
  | 'managed-policy'
  | 'iam-principal'
  | 'role-trust'
  | 'bucket-policy'
  | 'lambda-function-policy';

/** Which place. `arn` is the ARN of the thing that holds the policy: the role, the bucket, the function. */
export type TargetRef = {
  readonly kind: TargetKind;
  readonly arn: string;
  readonly accountId: string;
  /** The Region the API is called in; for IAM the partition's IAM Region. */
  readonly region: string;
};

/** What a part does: `grant` widens, `boundary` limits a principal, `resource` is a resource or trust policy. */
export type PartRole = 'grant' | 'boundary' | 'resource';

/** One document of a target, with the name by which it can be put back. */
export type TargetPart = {
  /** `document`, `inline:NAME`, `attached:ARN`, `group:NAME/inline:NAME`, `group:NAME/attached:ARN`, `boundary:ARN`. */
  readonly id: string;
  readonly role: PartRole;
  /** The policy document as JSON text, URL-decoded; undefined when AWS refused to show it (then nothing passes). */
  readonly document: string | undefined;
};

/** What a target holds at one moment. Equal content gives equal `contentHash`, whatever the spelling of the JSON. */
export type Snapshot = {
  readonly target: TargetRef;
  /** False: the role, bucket, … is not there. Then there are no parts. */
  readonly exists: boolean;
  /** `AROA…`, `AIDA…`, `ANPA…`: a thing deleted and made again under the same name is another thing. */
  readonly uniqueId?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  /** What the API takes for compare-and-set (Lambda's RevisionId), else the managed policy's default version id. */
  readonly revision?: string;
  /** Sorted by id. An existing target without a policy has no parts. */
  readonly parts: readonly TargetPart[];
  /** SHA-256, hex, of the normalised content (`exists`, part ids, roles and canonical JSON of the documents). */
  readonly contentHash: string;
  /** Facts that only a restore needs (group names, path, attached versions). JSON values. */
  readonly restoreHints?: { readonly [name: string]: unknown };
};

/** The clients of one account and Region. Only `send` is used, so a recorded account can stand in. */
export type AwsClients = {
  readonly iam: Pick<IAMClient, 'send'>;
  readonly s3: Pick<S3Client, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
};

/** Gives the clients for a target's account and Region. */
export type ClientsFor = (place: { readonly accountId: string; readonly region: string }) => AwsClients;

/** One API call of a restore, as said to people. */
export type RestoreCall = { readonly operation: string; readonly summary: string };

export type RestoreOutcome =
  /** AWS holds the accepted content again, read back. */
  | { readonly kind: 'restored'; readonly calls: readonly RestoreCall[]; readonly live: Snapshot }
  /** Nothing was written: what AWS holds is no longer what was judged. */
  | { readonly kind: 'changed-since'; readonly live: Snapshot }
  /** Known beforehand that it cannot be undone; nothing was written. `cause` says why and what a person can do. */
  | { readonly kind: 'cannot-undo'; readonly cause: string }
  /** Some calls were made, then one failed; `live` is what AWS holds now. The same restore may be called again. */
  | {
      readonly kind: 'partial';
      readonly calls: readonly RestoreCall[];
      readonly cause: string;
      readonly live: Snapshot;
    };

/** The adapter of one kind. */
export type TargetAdapter = {
  readonly kind: TargetKind;
  /** The grammar of its `grant` and `resource` parts. */
  readonly policyType: 'IDENTITY_POLICY' | 'RESOURCE_POLICY';
  /** For no-public-access. */
  readonly resourceType: string;
  /** Returns what AWS holds now. Throws a fault when AWS does not answer; a missing thing is `exists: false`. */
  read(target: TargetRef, clients: AwsClients): Promise<Snapshot>;
  /** Lists every target of this kind in the account and Region, page by page. */
  list(clients: AwsClients, place: { accountId: string; region: string }): AsyncIterable<TargetRef>;
  /**
   * Puts `accepted` back iff AWS still holds `offending` (by content hash, read just before the first write),
   * then reads back until AWS agrees. Each write that is not needed is left out, so a second call finishes a first.
   */
  restore(
    request: { readonly accepted: Snapshot; readonly offending: Snapshot },
    clients: AwsClients,
  ): Promise<RestoreOutcome>;
  /**
   * Returns `live` as it would be had `document` stood in the part: what an event says, judged beside what AWS holds.
   * Absent, or undefined returned: the document cannot be placed, and is not judged.
   */
  withDocument?(live: Snapshot, document: string, partId: string | undefined): Snapshot | undefined;
  /** Says why this target can never be restored (service-linked, AWS-managed, …); undefined when it can. */
  whyNotRestorable(target: TargetRef): string | undefined;
};

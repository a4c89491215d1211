/**
 * A target is one place where access is decided. One file a kind says how to read it, how to tell whether it
 * changed, and how to restore an earlier content. These files hold the only reads and writes of policies.
 */
import type { DocumentRole } from '../checks/proveRestore.ts';
import type { AwsClients } from './clients.ts';
import type { TARGET_KINDS } from './kindNames.ts';

/** What a target is. */
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Which place. `arn` is the ARN of the resource that holds the policy: the role, the bucket, the function. */
export type TargetRef = {
  readonly kind: TargetKind;
  readonly arn: string;
  readonly accountId: string;
  /** The Region the API is called in; for IAM the partition's IAM Region. */
  readonly region: string;
};

/**
 * What a part does: `grant` widens, `boundary` limits a principal, `resource` is a resource or trust policy, and limits
 * are those that grant nothing themselves and let pass what others grant (an endpoint's policy).
 */
export type PartRole = DocumentRole;

/** One document of a target, with the name by which it can be restored. */
export type TargetPart = {
  /** `document`, `inline:NAME`, `attached:ARN`, `group:NAME/inline:NAME`, `group:NAME/attached:ARN`, `boundary:ARN`. */
  readonly id: string;
  readonly role: PartRole;
  /** Unique id of the policy or group that holds the text, where others hold it too: made again, it is another one. */
  readonly uid?: string;
  /** The policy document as JSON text, URL-decoded; undefined when AWS refused to show it (then nothing passes). */
  readonly document: string | undefined;
};

/** What a target holds at one time. Equal content gives equal `contentHash`, whatever the spelling of the JSON. */
export type Snapshot = {
  readonly target: TargetRef;
  /** False: the role, bucket, … is not there. Then there are no parts. */
  readonly exists: boolean;
  /** `AROA…`, `AIDA…`, `ANPA…`: a resource deleted and made again under the same name is another one. */
  readonly uniqueId?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  /** What the API takes for compare-and-set (Lambda's RevisionId), else the managed policy's default version id. */
  readonly revision?: string;
  /** Sorted by id. An existing target without a policy has no parts. */
  readonly parts: readonly TargetPart[];
  /** SHA-256, hex, of the normalised content (`exists`, part ids, roles and canonical JSON of the documents). */
  readonly contentHash: string;
  /** Facts that only a restore needs (settings, names), as they were read with these parts. JSON values. */
  readonly restoreHints?: { readonly [name: string]: unknown };
};

/** Gives the clients for a target's account and Region. */
export type ClientsFor = (place: { readonly accountId: string; readonly region: string }) => AwsClients;

/** One API call of a restore, as said to people. */
export type RestoreCall = { readonly operation: string; readonly summary: string };

type RestoreRequest = {
  readonly accepted: Snapshot;
  readonly from: Snapshot;
};

export type RestoreOutcome =
  /** AWS holds the accepted content again, read back. */
  | { readonly kind: 'restored'; readonly calls: readonly RestoreCall[]; readonly live: Snapshot }
  /**
   * What AWS holds is no longer what was judged, nor what this restore left: nothing was written over it. `calls`: those made
   * before somebody changed it; absent: none.
   */
  | { readonly kind: 'changed-since'; readonly calls?: readonly RestoreCall[]; readonly live: Snapshot }
  /** Known beforehand that it cannot be restored; nothing was written. `cause` says why and what a person can do. */
  | { readonly kind: 'cannot-undo'; readonly cause: string }
  /** Some calls were made, then one failed; `live` is what AWS holds now. The same restore may be called again. */
  | {
      readonly kind: 'partial';
      readonly calls: readonly RestoreCall[];
      readonly cause: string;
      readonly live: Snapshot;
    };

/** What is true of every target of a kind. */
export type KindFacts = {
  /** The grammar of its `grant` and `resource` parts. */
  readonly policyType: 'IDENTITY_POLICY' | 'RESOURCE_POLICY';
  /** As in CloudFormation; for no-public-access. */
  readonly resourceType: string;
  /** True: its documents name principals, so they can let in the public, or strangers. */
  readonly namesPrincipals: boolean;
  /**
   * What else may grant a request that this target does not deny: the other policies of whoever holds it, identity
   * policies of the target's account, those of the roles it lets take on, policies that may name anybody, or nothing. Then a Deny or a limit that goes
   * away is new access by itself.
   * Source: IAM User Guide, "Policy evaluation logic": within an account an identity policy is enough.
   */
  grantedElsewhere(target: TargetRef): 'by-holders' | 'by-account' | 'by-roles' | 'by-anyone' | 'nowhere';
  /** `global`: one Region of the partition has its API and its events; `regional`: each Region has its own. */
  readonly scope: 'global' | 'regional';
  /** A restore writes the settings in `restoreHints`, so it writes no content but one that was read, with its own. */
  readonly isWrittenAsRead?: true;
  /**
   * Returns the setting as AWS would show it without these of its parts; undefined: they cannot be taken out alone.
   * Absent: no part of such a setting can.
   */
  withoutParts?(snapshot: Snapshot, ids: readonly string[]): Snapshot | undefined;
};

/** Principals as `role NAME`, `user NAME`, `group NAME`; `hasMore` iff there are more than are named. */
export type Holders = { readonly names: readonly string[]; readonly hasMore: boolean };

/** Whom a policy that principals share reaches: it grants to some, and limits those whose boundary it is. */
export type Reached = { readonly attachedTo: Holders; readonly boundaryOf: Holders };

/** What is done with AWS for a kind. */
export type TargetOperations = {
  /**
   * Returns the target by its whole ARN, where an event may name it by less, or the targets that an event names by what
   * they hold. Absent: events name each in full.
   */
  resolve?(target: TargetRef, clients: AwsClients): Promise<readonly TargetRef[]>;
  /** Returns what AWS holds now. Throws a fault when AWS does not answer; a missing resource is `exists: false`. */
  read(target: TargetRef, clients: AwsClients): Promise<Snapshot>;
  /**
   * Returns `live` with what a call added, the same content where AWS still holds that; undefined where it cannot be told.
   * Absent: no call adds to a target of this kind.
   */
  withAddition?(live: Snapshot, addition: string, clients: AwsClients): Promise<Snapshot | undefined>;
  /**
   * Returns whom the target's policy reaches, from the first pages only. Absent, or undefined returned: principals do
   * not share targets of this kind. Throws a fault when AWS does not answer within two seconds.
   */
  reaches?(target: TargetRef, clients: AwsClients): Promise<Reached | undefined>;
  /** Lists every target of this kind in the account and Region, page by page. */
  list(clients: AwsClients, place: { accountId: string; region: string }): AsyncIterable<TargetRef>;
  /**
   * Puts `accepted` back iff AWS still holds `from` (by content hash, read just before the first write) or, when
   * the restore is resumed, what its earlier try left; then reads back until AWS agrees. Each write that is not needed
   * is left out, so a second call finishes a first.
   */
  restore(request: RestoreRequest, clients: AwsClients): Promise<RestoreOutcome>;
};

/** The adapter of one kind. */
export type TargetAdapter = KindFacts &
  TargetOperations & {
    /** Whose texts its parts are: `derived` ones are settings that the guard writes as statements of its own. */
    readonly parts?: readonly { readonly id: string; readonly text: 'own' | 'shared' | 'derived' }[];
    readonly kind: TargetKind;
    /** Says why this target can never be restored (service-linked, AWS-managed, …); undefined when it can. */
    whyNotRestorable(target: TargetRef): string | undefined;
  };

export type Adapters = { readonly [kind in TargetKind]: TargetAdapter };

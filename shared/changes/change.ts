/** A CloudTrail record, read: which targets may have changed, by whom, when. An event only says "look there". */
import type { TargetRef } from '../targets/target.ts';

import type { Edit } from './edit.ts';

/** Who did it, as far as the record says. */
export type Actor = {
  /** The issuer's ARN for a role session, else the identity's own; `''` when the record names nobody. */
  readonly arn: string;
  /** `AROA…`, `AIDA…`, account id for root. Session names are cut off. */
  readonly uniqueId: string;
  readonly sessionName?: string;
  /** The service that called on somebody's behalf, when the record says so. */
  readonly invokedBy?: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
};

export type ChangeEvent = {
  readonly eventId: string;
  readonly sharedEventId?: string;
  readonly eventName: string;
  readonly eventSource: string;
  /** ISO 8601. */
  readonly eventTime: string;
  readonly accountId: string;
  readonly region: string;
  readonly actor: Actor;
};

/** A change may touch several targets: a group's policy reaches every member, a managed policy every holder. */
export type Change = {
  readonly event: ChangeEvent;
  readonly targets: readonly TargetRef[];
  /** What the call did to each target, in their order. */
  readonly edits: readonly Edit[];
  /** ARNs of what a call touched that changes no policy: of interest iff they are the guard's own. Absent: a policy call. */
  readonly touched?: readonly string[];
  /** The call is known to change who may do what, and no kind judges it. Absent: it is judged, or is no such call. */
  readonly isNamed?: true;
  /** The document inside the event, when it holds one for the first target: judged too, never acted on. */
  readonly document?: string;
  /** CloudTrail left the parameters out (`requestParameters too large`): itself a finding. */
  readonly parametersOmitted: boolean;
};

/** What a record turned out to be. */
export type RecordReading =
  | { readonly kind: 'change'; readonly change: Change }
  /** `failed-call`, `read-only`, `not-a-policy-event`, `resource-of-another-account`. Silent. */
  | { readonly kind: 'ignored'; readonly cause: string }
  /** A policy event that this version does not judge yet: said, never passed over in silence. */
  | { readonly kind: 'not-covered'; readonly eventSource: string; readonly eventName: string }
  /** Not a CloudTrail record, or one that lacks what its event must have: `path` names the field. */
  | { readonly kind: 'malformed'; readonly path: string; readonly message: string };

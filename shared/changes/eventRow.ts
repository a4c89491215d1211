/** What a row of the event table is, and the field places that many rows share. */
import type { TargetKind } from '../targets/target.ts';

/** `requestParameters` or `responseElements`; null for many calls. */
export type Fields = { readonly [name: string]: unknown };

/** What a row reads of a record. */
export type EventFields = {
  readonly request: Fields;
  readonly response: Fields;
  /** ARNs of what the call touched, as far as the service says. */
  readonly resources: readonly string[];
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
};

export type EventRow = {
  readonly source: string;
  /** The event's name; a closing `*` stands for the API date that Lambda appends. */
  readonly name: string;
  readonly kind: TargetKind;
  /** ARN of the target; undefined when the record lacks what it needs: then `needs` names the field. */
  readonly target: (fields: EventFields) => string | undefined;
  readonly needs: string;
  /** The document inside the event, where it is the target's whole new content, or that of the part it names. */
  readonly document?: (fields: EventFields) => string | undefined;
  /** Id of the part that `document` is, where the target holds several. */
  readonly documentPart?: (fields: EventFields) => string | undefined;
  /** What the call added to others of its sort: id of a principal's part, or a statement as JSON text. */
  readonly addition?: (fields: EventFields) => string | undefined;
  /** The call makes (or unmakes) the thing that holds the policy. */
  readonly effect?: 'creates' | 'deletes';
  /** How it is undone, for people and the README's table. */
  readonly restore: string;
};

/** The rows of a service's events. */
export type ServiceEvents = {
  /** As in `eventSource`. */
  readonly source: string;
  readonly rows: readonly EventRow[];
  /** Policy events that are known and not judged: said, never passed over in silence. */
  readonly notJudged: readonly string[];
};

/** A call that may blind, silence or stop the guard without changing any policy. */
export type SelfProtectionRow = {
  readonly source: string;
  /** The event's name; a closing `*` stands for the API date that Lambda appends. */
  readonly name: string;
  /** ARNs of what the call touched; none when the record does not say. */
  readonly touched: (fields: EventFields) => readonly (string | undefined)[];
};

/** Returns true iff the pattern (an event's name, or its beginning and `*`) is the event's. */
export function namesEvent(pattern: string, eventName: string): boolean {
  if (!pattern.endsWith('*')) return pattern === eventName;
  const stem = pattern.slice(0, -1);
  // What follows is an API date and perhaps a version, never more of a name: `AddPermission20150331v2`.
  return eventName.startsWith(stem) && /^(\d{8}(v\d+)?)?$/.test(eventName.slice(stem.length));
}

/** Returns the field iff it is a text that says something. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Returns a reader of that parameter of the request. */
export const requestText =
  (field: string) =>
  ({ request }: EventFields): string | undefined =>
    textOf(request, field);

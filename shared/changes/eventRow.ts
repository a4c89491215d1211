/** What a row of the event table is. */
import type { TargetKind } from '../targets/target.ts';
import type { ReadEdit } from './edit.ts';
import type { EventFields, ReadText } from './fields.ts';

export type EventRow = {
  readonly source: string;
  /** The event's name; a closing `*` stands for the API date that Lambda appends. */
  readonly name: string;
  readonly kind: TargetKind;
  /** ARN of the target; undefined when the record lacks what it needs: then `needs` names the field. */
  readonly target: ReadText;
  readonly needs: string;
  /** What the call did to the target. Absent: something, and the record does not show what. */
  readonly edit?: ReadEdit;
  /** How it is restored, for people and the README's table. */
  readonly restore: string;
};

/** The rows of a service's events. */
export type ServiceEvents = {
  /** As in `eventSource`. */
  readonly source: string;
  readonly rows: readonly EventRow[];
};

/** Events of a source that are known and not judged: named, never passed over in silence. */
export type NamedEvents = { readonly source: string; readonly names: readonly string[] };

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

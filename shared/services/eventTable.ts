/**
 * The events the guard judges, a row each.
 * Field places: CloudTrail writes API parameters with a small first letter; where real records differ, the row says so.
 * Source: Service Authorization Reference (access level "Permissions management"); CloudTrail User Guide, record contents.
 */
import type { EventRow } from '../changes/eventRow.ts';
import { SERVICE_EVENTS } from './registry.ts';

/** Every event the guard judges. An event with several rows touches several targets; the first holds its document. */
export const EVENT_TABLE: readonly EventRow[] = SERVICE_EVENTS.flatMap(({ rows }) => rows);

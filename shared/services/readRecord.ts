/** The one reader of CloudTrail records: the machinery of `changes/` with the tables of all services. */
import { recordReader } from '../changes/recordReader.ts';
import { NAMED_EVENTS } from './namedEvents.ts';
import { SERVICE_EVENTS } from './registry.ts';
import { SELF_PROTECTION_TABLE } from './selfProtection.ts';

/** Returns what a record (bare, or as `detail` of an EventBridge event) is. */
export const readRecord = recordReader({
  services: SERVICE_EVENTS,
  named: NAMED_EVENTS,
  selfProtection: SELF_PROTECTION_TABLE,
});

/** The one reader of CloudTrail records: the machinery of `changes/` with the tables of all services. */
import { recordReader } from '../changes/recordReader.ts';
import { ALL_EVENTS } from './eventTable.ts';
import { SELF_PROTECTION_TABLE } from './selfProtection.ts';

/** Returns what a record (bare, or as `detail` of an EventBridge event) is. */
export const readRecord = recordReader({
  services: ALL_EVENTS,
  selfProtection: SELF_PROTECTION_TABLE,
});

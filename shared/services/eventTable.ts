/**
 * The events the guard judges, a row each, and the policy events it knows of and does not judge.
 * Field places: CloudTrail writes API parameters with a small first letter; where real records differ, the row says so.
 * Source: Service Authorization Reference (access level "Permissions management"); CloudTrail User Guide, record contents.
 */
import type { EventRow, ServiceEvents } from '../changes/eventRow.ts';
import { SERVICE_EVENTS } from './registry.ts';

/** Events of services that have no kind. */
const OTHER_EVENTS: readonly ServiceEvents[] = [
  {
    source: 'glacier.amazonaws.com',
    rows: [],
    notJudged: ['SetVaultAccessPolicy', 'DeleteVaultAccessPolicy'],
  },
  { source: 'sso-directory.amazonaws.com', rows: [], notJudged: ['AddMemberToGroup', 'CreateGroup'] },
  { source: 'cloudtrail.amazonaws.com', rows: [], notJudged: ['PutResourcePolicy'] },
];

/** The events of every service. */
export const ALL_EVENTS: readonly ServiceEvents[] = [...SERVICE_EVENTS, ...OTHER_EVENTS];

/** Every event the guard judges. An event with several rows touches several targets; the first holds its document. */
export const EVENT_TABLE: readonly EventRow[] = ALL_EVENTS.flatMap(({ rows }) => rows);

/** The policy events that are known and not judged, by service. */
export const NOT_JUDGED: readonly { readonly source: string; readonly names: readonly string[] }[] =
  ALL_EVENTS.filter(({ notJudged }) => notJudged.length > 0).map(({ source, notJudged }) => ({
    source,
    names: notJudged,
  }));

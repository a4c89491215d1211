/**
 * A finding as an OCSF Detection Finding (class 2004, schema 1.8.0, profile cloud), as data lakes read it. Pure.
 * Source of every name and number: the schema of the Open Cybersecurity Schema Framework.
 */

import { parseArn } from '../policy/arn.ts';
import { nameOf } from './consequence.ts';
import { techniquesOf } from './describeAdditions.ts';
import { type Finding, type FindingStatus, revisionTold, type Severity } from './finding.ts';
import { OCSF_FEED } from './publisher.ts';
import { resourceType } from './resourceType.ts';

export const OCSF_VERSION = '1.8.0';

const CLASS_UID = 2004;

const ACTIVITIES = { create: [1, 'Create'], update: [2, 'Update'], close: [3, 'Close'] } as const;

const SEVERITIES: { readonly [severity in Severity]: readonly [id: number, name: string] } = {
  INFO: [1, 'Informational'],
  LOW: [2, 'Low'],
  MEDIUM: [3, 'Medium'],
  HIGH: [4, 'High'],
  CRITICAL: [5, 'Critical'],
};

const STATUSES: { readonly [status in FindingStatus]: readonly [id: number, name: string] } = {
  ACTIVE: [1, 'New'],
  SUPPRESSED: [3, 'Suppressed'],
  RESOLVED: [4, 'Resolved'],
  ROLLED_BACK: [4, 'Resolved'],
  APPROVED: [4, 'Resolved'],
  SUPERSEDED: [4, 'Resolved'],
};

/** Techniques of MITRE ATT&CK, where what became possible is one. */
function attacksOf(finding: Finding) {
  const attacks = techniquesOf(finding).map((uid) => {
    const [technique = uid] = uid.split('.');
    return { technique: { uid: technique }, ...(uid === technique ? {} : { sub_technique: { uid } }) };
  });
  return attacks.length === 0 ? {} : { attacks };
}

/** Returns the event. `metadata.uid` names this state of the finding: the same again is the same event. */
export function renderOcsf(finding: Finding) {
  const { id, revision, target, status, severity, result, statusWhy, check, change, witness } = finding;
  const [activityId, activity] = activityOf(finding);
  const [severityId, severityName] = SEVERITIES[severity];
  // A rollback is at work on it.
  const isInProgress = status === 'ACTIVE' && ['planned', 'partial'].includes(finding.action.kind);
  const [statusId, statusName] = isInProgress ? ([2, 'In Progress'] as const) : STATUSES[status];
  return {
    activity_id: activityId,
    activity_name: activity,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: CLASS_UID,
    class_name: 'Detection Finding',
    type_uid: CLASS_UID * 100 + activityId,
    type_name: `Detection Finding: ${activity}`,
    time: timeOf(finding.updatedAt),
    severity_id: severityId,
    severity: severityName,
    status_id: statusId,
    status: statusName,
    status_code: status,
    ...(statusWhy === undefined ? {} : { status_detail: statusWhy }),
    // A FAIL is a request that the evaluator confirmed.
    ...(result === 'FAIL' ? { confidence_id: 3, confidence: 'High' } : {}),
    is_alert: status === 'ACTIVE',
    message: finding.title,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      product: { name: 'Ratchet', vendor_name: 'Ratchet' },
      uid: `${id}:${revision}`,
      correlation_uid: id,
      event_code: check,
      ...(change === undefined
        ? {}
        : { original_event_uid: change.eventId, original_time: change.eventTime }),
    },
    cloud: {
      provider: 'AWS',
      account: { uid: target.accountId, type_id: 10, type: 'AWS Account' },
      region: target.region,
      cloud_partition: parseArn(target.arn).partition,
    },
    finding_info: {
      uid: id,
      title: finding.title,
      desc: [finding.message, ...(finding.cause === undefined ? [] : [`Cause: ${finding.cause}.`])].join(' '),
      types: [check],
      ...attacksOf(finding),
      analytic: {
        type_id: 1,
        type: 'Rule',
        name: finding.listName ?? check,
        uid: check,
        ...(finding.decidedBy === undefined ? {} : { algorithm: finding.decidedBy }),
      },
      created_time: timeOf(finding.openedAt),
      first_seen_time: timeOf(finding.openedAt),
      modified_time: timeOf(finding.updatedAt),
      last_seen_time: timeOf(finding.updatedAt),
      ...(change === undefined
        ? {}
        : {
            data_sources: ['CloudTrail'],
            related_events: [
              { uid: change.eventId, title: change.eventName, product: { name: 'CloudTrail' } },
            ],
          }),
    },
    resources: [
      {
        uid: target.arn,
        name: nameOf(target.arn),
        type: resourceType(target),
        region: target.region,
        cloud_partition: parseArn(target.arn).partition,
        role_id: 1,
        role: 'Target',
        labels: [`kind:${target.kind}`],
        owner: { account: { uid: target.accountId, type_id: 10, type: 'AWS Account' } },
      },
    ],
    evidences: [
      {
        ...(change === undefined ? {} : evidenceOf(change)),
        data: {
          statements: finding.statements.map(({ lines: _, ...statement }) => statement),
          removedDenies: finding.removedDenies.map(({ lines: _, ...statement }) => statement),
          notes: finding.notes,
          ...(witness === undefined ? {} : { witness }),
        },
      },
    ],
    remediation: {
      desc: `To accept it: ${finding.acceptWith} --who YOU --why REASON. To undo it by hand: ${finding.undoWith}`,
    },
    unmapped: {
      result,
      action: finding.action,
      occurrences: finding.occurrences,
      accepted_hash: finding.acceptedHash,
      live_hash: finding.liveHash,
      ...(finding.suppression === undefined ? {} : { suppression: finding.suppression }),
      ...(finding.approval === undefined ? {} : { approval: finding.approval }),
    },
  };
}

/** What this publication does to the finding, for a reader of this feed. */
function activityOf(finding: Finding): readonly [id: number, name: string] {
  if (finding.closedAt !== undefined) return ACTIVITIES.close;
  return revisionTold(finding, OCSF_FEED) === 0 ? ACTIVITIES.create : ACTIVITIES.update;
}

function evidenceOf({
  actorArn,
  actorId,
  invokedBy,
  eventName,
  eventSource,
  sourceIp,
}: NonNullable<Finding['change']>) {
  const user = {
    ...(actorArn === '' ? {} : { uid: actorArn, name: nameOf(actorArn) }),
    ...(actorId === '' ? {} : { uid_alt: actorId }),
  };
  const actor = {
    ...('uid' in user ? { user } : {}),
    ...(invokedBy === undefined ? {} : { invoked_by: invokedBy }),
  };
  return {
    ...(Object.keys(actor).length === 0 ? {} : { actor }),
    api: { operation: eventName, service: { name: eventSource } },
    // CloudTrail names a service where a service called.
    ...(sourceIp === undefined
      ? {}
      : { src_endpoint: /^[0-9a-f.:]+$/i.test(sourceIp) ? { ip: sourceIp } : { svc_name: sourceIp } }),
  };
}

/** OCSF counts milliseconds since 1970. */
function timeOf(iso: string): number {
  return Date.parse(iso);
}

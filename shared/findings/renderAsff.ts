/** A finding in the AWS Security Finding Format, as Security Hub imports it. Pure. */
import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { parseArn } from '../policy/arn.ts';
import { describeAccess } from './consequence.ts';
import { techniquesOf } from './describeAdditions.ts';
import type { Finding, FindingCheck, FindingStatus } from './finding.ts';
import { resourceType } from './resourceType.ts';

export type AsffOptions = {
  /** `arn:…:product/ACCOUNT/default` of the importing account. */
  readonly productArn: string;
  /** The importing account. Security Hub takes only findings that name it, so the owner stands in the fields. */
  readonly accountId: string;
};

/** Lengths that Security Hub takes. Source: Security Hub API Reference, AwsSecurityFinding. */
const MAX = { title: 256, description: 1_024, text: 512, generator: 512, value: 2_048 } as const;

/** Namespace/category/classifier. Source: Security Hub User Guide, "Types taxonomy for ASFF". */
const TYPES: { readonly [check in FindingCheck]: string } = {
  'no-new-access': 'TTPs/Privilege Escalation',
  'access-not-granted': 'TTPs/Privilege Escalation',
  'no-public-access': 'Effects/Data Exposure',
  'no-external-access': 'Effects/Data Exposure',
  'dormant-access': 'Software and Configuration Checks/AWS Security Best Practices',
  document: 'Software and Configuration Checks/AWS Security Best Practices',
  'parameters-omitted': 'TTPs/Defense Evasion',
  'guard-touched': 'TTPs/Defense Evasion',
  'expired-exception': 'Software and Configuration Checks/AWS Security Best Practices',
  'rollback-breaker': 'TTPs/Persistence',
};

/**
 * An import can change the record's state and not the workflow of a finding that is there already, which belongs to
 * people. So whatever asks for nothing is archived; one that comes back is NEW again by Security Hub's own rule.
 */
const LIFE: {
  readonly [status in FindingStatus]: {
    readonly RecordState: 'ACTIVE' | 'ARCHIVED';
    readonly Workflow: { readonly Status: 'NEW' | 'SUPPRESSED' | 'RESOLVED' };
  };
} = {
  ACTIVE: { RecordState: 'ACTIVE', Workflow: { Status: 'NEW' } },
  SUPPRESSED: { RecordState: 'ARCHIVED', Workflow: { Status: 'SUPPRESSED' } },
  RESOLVED: { RecordState: 'ARCHIVED', Workflow: { Status: 'RESOLVED' } },
  ROLLED_BACK: { RecordState: 'ARCHIVED', Workflow: { Status: 'RESOLVED' } },
  APPROVED: { RecordState: 'ARCHIVED', Workflow: { Status: 'RESOLVED' } },
  SUPERSEDED: { RecordState: 'ARCHIVED', Workflow: { Status: 'RESOLVED' } },
};

/** Returns the id that a finding has in Security Hub: the same for all its life. */
export function asffId({ id, target }: Finding): string {
  return `ratchet/${target.accountId}/${target.region}/${id}`;
}

/** Returns the finding as Security Hub takes it, cut to the lengths of its format. */
export function renderAsff(finding: Finding, { productArn, accountId }: AsffOptions): AwsSecurityFinding {
  const { check, listName, severity, status, result, target, openedAt, updatedAt } = finding;
  const generator = ['ratchet', check, ...(listName === undefined ? [] : [listName])].join('/');
  const types = [TYPES[check]];
  const label = { Label: severity === 'INFO' ? 'INFORMATIONAL' : severity, Original: severity } as const;
  return {
    SchemaVersion: '2018-10-08',
    Id: asffId(finding),
    ProductArn: productArn,
    ProductName: 'Ratchet',
    CompanyName: 'Ratchet',
    GeneratorId: cut(generator, MAX.generator),
    AwsAccountId: accountId,
    Types: types,
    FirstObservedAt: openedAt,
    LastObservedAt: updatedAt,
    CreatedAt: openedAt,
    UpdatedAt: updatedAt,
    Severity: label,
    FindingProviderFields: {
      Severity: label,
      Types: types,
      // A FAIL is a request that the evaluator confirmed; nothing else is sure.
      ...(result === 'FAIL' ? { Confidence: 100 } : {}),
    },
    Title: cut(finding.title, MAX.title),
    Description: cut(describe(finding), MAX.description),
    Remediation: {
      Recommendation: {
        Text: cut(
          `To accept it: ${finding.acceptWith} --who YOU --why REASON. To undo it by hand: ${finding.undoWith}`,
          MAX.text,
        ),
      },
    },
    ProductFields: productFields(finding),
    Resources: [
      {
        Type: resourceType(target),
        Id: target.arn,
        Partition: partition(target.arn),
        Region: target.region,
        ResourceRole: 'Target',
      },
    ],
    ...LIFE[status],
  };
}

function describe({ message, cause, status, statusWhy, action }: Finding): string {
  return [
    message,
    ...(cause === undefined ? [] : [`Cause: ${cause}.`]),
    `${status}${statusWhy === undefined ? '' : `: ${statusWhy}`}.`,
    `Action: ${action.kind}, ${action.why}.`,
  ].join(' ');
}

/** At most 50 pairs, values neither blank nor longer than 2,048 characters. */
function productFields(finding: Finding): { [name: string]: string } {
  const { target, change, witness, suppression, approval } = finding;
  const fields = {
    findingId: finding.id,
    revision: String(finding.revision),
    occurrences: String(finding.occurrences),
    check: finding.check,
    listName: finding.listName,
    result: finding.result,
    status: finding.status,
    statusWhy: finding.statusWhy,
    cause: finding.cause,
    action: finding.action.kind,
    targetKind: target.kind,
    techniques: techniquesOf(finding).join(' '),
    accountId: target.accountId,
    witness: witness === undefined ? undefined : describeAccess(witness),
    statements: finding.statements.map(({ description }) => description).join(' '),
    acceptedHash: finding.acceptedHash,
    liveHash: finding.liveHash,
    actorArn: change?.actorArn,
    actorId: change?.actorId,
    sessionName: change?.sessionName,
    sourceIp: change?.sourceIp,
    eventName: change?.eventName,
    eventId: change?.eventId,
    eventTime: change?.eventTime,
    exceptionOwner: suppression?.owner,
    exceptionExpires: suppression?.expires,
    approvedBy: approval?.who,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value = '']) =>
      value.trim() === '' ? [] : [[`ratchet/${name}`, cut(value, MAX.value)]],
    ),
  );
}

const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov'] as const;

/** Security Hub knows three partitions; an ARN of another one is shown without. */
function partition(arn: string): (typeof PARTITIONS)[number] | undefined {
  return PARTITIONS.find((name) => name === parseArn(arn).partition);
}

/** Counted in UTF-16 units, which is never less than characters. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

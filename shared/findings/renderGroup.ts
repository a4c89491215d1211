/** Several findings in one message, as a person can read them. It names each; the store holds them whole. */
import { describeTarget, nameOf } from './consequence.ts';
import { type Finding, SEVERITIES, type Severity } from './finding.ts';
import type { GroupForm } from './publisher.ts';
import { MAIL, renderFact, toSubject } from './renderText.ts';

const GROUP_SCHEMA_VERSION = 1;

/** What the findings of a group have in common. */
type GroupFacts = {
  readonly check: Finding['check'];
  readonly status: Finding['status'];
  readonly accountId: string;
  readonly actorArn: string;
  /** The gravest of them. */
  readonly severity: Severity;
  /** `UNKNOWN` iff none is a FAIL. */
  readonly result: Finding['result'];
  /** ISO 8601: the first and the last change. */
  readonly since: string;
  readonly until: string;
};

const RESULTS = ['NOTICE', 'UNKNOWN', 'FAIL'] as const;

/** Returns the facts of a group, at least one finding. Throws when there is none. */
export function groupFacts(findings: readonly Finding[]): GroupFacts {
  const [first] = findings;
  if (first === undefined) throw new Error('a group of no findings has nothing to tell');
  const times = findings.map(({ change, openedAt }) => change?.eventTime ?? openedAt).sort();
  const gravest = <Rank extends string>(ranks: readonly Rank[], of: (finding: Finding) => Rank) =>
    ranks.findLast((rank) => findings.some((finding) => of(finding) === rank)) ?? of(first);
  return {
    check: first.check,
    // What waits for a digest may be open and ended; whoever listens for open ones must get it.
    status: findings.some(({ status }) => status === 'ACTIVE') ? 'ACTIVE' : first.status,
    accountId: first.target.accountId,
    actorArn: first.change?.actorArn ?? '',
    severity: gravest(SEVERITIES, ({ severity }) => severity),
    result: gravest(RESULTS, ({ result }) => result),
    since: times.at(0) ?? first.openedAt,
    until: times.at(-1) ?? first.openedAt,
  };
}

/** Returns one line of printable ASCII, at most 100 characters: how many, what, where and who. */
export function renderGroupSubject(findings: readonly Finding[], form: GroupForm): string {
  const { severity, accountId, actorArn } = groupFacts(findings);
  const by = actorArn === '' ? '' : ` by ${nameOf(actorArn)}`;
  const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  switch (form) {
    case 'burst':
      return toSubject(
        actorArn === ''
          ? `Ratchet: ${count} of one look, up to ${severity}, in ${accountId}`
          : `Ratchet: more${by} in ${accountId}: ${count} up to ${severity}`,
      );
    case 'digest':
      return toSubject(`Ratchet digest: ${count} up to ${severity} in ${accountId}`);
    case 'deployment':
      return toSubject(`Ratchet: deployment${by} in ${accountId}: ${count} up to ${severity}`);
  }
}

const FORM_WORDS: { readonly [form in GroupForm]: (facts: GroupFacts, count: string) => string } = {
  burst: ({ actorArn }, count) =>
    actorArn === ''
      ? `Found by one sweep, without an event: ${count}.`
      : `What ${nameOf(actorArn)} also did, besides what is already published: ${count}.`,
  digest: ({ accountId }, count) => `Changes in ${accountId} that interrupted nobody: ${count}.`,
  deployment: ({ actorArn }, count) =>
    `What a run of ${actorArn === '' ? 'a deployer' : nameOf(actorArn)} added: ${count}. Nothing is restored.`,
};

/** Returns the text for mail: what they have in common, then each with its consequence and id, most serious first. */
export function renderGroupText(findings: readonly Finding[], form: GroupForm): string {
  const facts = groupFacts(findings);
  const { severity, accountId, actorArn, since, until } = facts;
  const fact = (label: string, text: string) => renderFact(label, text, MAIL);
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  const head = [
    FORM_WORDS[form](facts, count),
    '',
    ...(form === 'digest' ? [] : fact('Who', actorArn === '' ? 'not known' : actorArn)),
    ...fact('Account', accountId),
    ...fact('When', since === until ? since : `${since} to ${until}`),
    ...fact('Severity', `up to ${severity}`),
    '',
  ];
  const rank = (finding: Finding) => -SEVERITIES.indexOf(finding.severity);
  const sorted = findings.toSorted((a, b) => rank(a) - rank(b));
  const first = sorted.slice(0, 1);
  const each = sorted.flatMap((finding) => [
    `- ${finding.status === 'ACTIVE' ? finding.severity : finding.status}: ${cut(finding.title)}.`,
    `  ${describeTarget(finding.target)}, ${finding.target.region}, ${finding.result}, action ${finding.action.kind}`,
    `  ${finding.id}`,
  ]);
  const foot = [
    '',
    'Each is stored in full. To accept one (here the first), or to remove what it added:',
    ...first.flatMap(({ acceptWith, undoWith }) => [
      `  ${acceptWith} --who YOU --why REASON`,
      `  ${undoWith}`,
    ]),
  ];
  return `${[...head, ...each, ...foot].join('\n')}\n`;
}

/** Returns the group as one line of JSON: `kind` is `group`, which no finding has. */
export function renderGroupJson(findings: readonly Finding[], form: GroupForm): string {
  return JSON.stringify({
    kind: 'group',
    form,
    schemaVersion: GROUP_SCHEMA_VERSION,
    count: findings.length,
    ...groupFacts(findings),
    findings: findings.map(({ id, revision, status, check, target, severity, result, title, action }) => ({
      id,
      revision,
      status,
      check,
      target,
      severity,
      result,
      title: cut(title),
      action: action.kind,
    })),
  });
}

/** In a group a consequence is a line or two; the finding has all of it. */
const MAX_TITLE = 240;

function cut(title: string): string {
  return title.length <= MAX_TITLE ? title : `${title.slice(0, MAX_TITLE - 1).toWellFormed()}…`;
}

/**
 * A finding as plain text for mail and terminal: the consequence first, then what is done about it, nothing that needs
 * a manual.
 */

import { ACCESS_RULES } from '../consequences/accessRules.ts';
import type { TargetRef } from '../targets/target.ts';
import { bringBackWith } from './commands.ts';
import { describeTarget, isAccount, nameOf } from './consequence.ts';
import { describeAdded, describeFurther } from './describeAdditions.ts';
import { type Finding, type FindingStatement, type FindingStatus, isOpen, standingOf } from './finding.ts';
import { wrap } from './wrap.ts';

/** Columns of a line and of the labels before facts. */
type Layout = { readonly width: number; readonly labels: number };

/** Wider lines are hard to read. */
const TERMINAL: Layout = { width: 80, labels: 10 };

/** Returns the layout for a terminal of so many columns. */
export function layoutOf(columns: number): Layout {
  return { ...TERMINAL, width: Math.min(TERMINAL.width, columns) };
}

/** A phone folds lines where its screen ends; lines that were folded before would be torn there. */
export const MAIL: Layout = { width: Number.POSITIVE_INFINITY, labels: 0 };

/** Returns the text, lines ended by `\n`. Words longer than a line (ARNs) stand on a line of their own, unbroken. */
export function renderText(finding: Finding, layout: Layout = TERMINAL): string {
  const { title, target, check, severity, message, cause, statements, removedDenies, notes, action } =
    finding;
  const { width } = layout;
  const fact = (label: string, text: string) => renderFact(label, text, layout);
  const blocks: string[][] = [
    [...wrap(`${STATUS_WORDS[finding.status]}: ${title}.`, width)],
    [
      ...fact('Action', `${action.kind}: ${action.why}`),
      ...(action.calls ?? []).flatMap((call) => wrap(`- ${call}`, width, '', '  ')),
    ],
    [
      ...fact('Target', `${describeTarget(target)}, ${target.arn}`),
      ...fact('Account', `${target.accountId}, ${target.region}`),
      ...fact('Who', who(finding)),
      ...fact('When', when(finding)),
      ...fact('Severity', severity),
      ...fact(
        'Check',
        `${check}${finding.listName === undefined ? '' : ` (${finding.listName})`}: ${finding.result}`,
      ),
      ...fact(
        'Status',
        `${finding.status}${finding.statusWhy === undefined ? '' : `: ${finding.statusWhy}`}`,
      ),
    ],
    [...wrap(message, width), ...(cause === undefined ? [] : wrap(`Cause: ${cause}`, width))],
    list('What else this makes possible', describeFurther(finding), width),
    list('All added access', describeAdded(finding), width),
    ...[...statements, ...removedDenies].map((statement) => statementBlock(statement, width)),
    notes.flatMap((note) => wrap(`Note: ${note}`, width)),
    isOpen(finding) ? whatToDo(finding, width) : bringBack(finding, width),
    fact('Finding', finding.id),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** A heading with a line for each member; nothing without members. */
function list(heading: string, members: readonly string[], width: number): string[] {
  if (members.length === 0) return [];
  return [`${heading}:`, ...members.flatMap((member) => wrap(`- ${member}`, width, '', '  '))];
}

/**
 * Returns one line of printable ASCII, at most 100 characters, that says what, where and who: a mail's subject. The
 * account is named where there is room for it.
 */
export function renderSubject(finding: Finding): string {
  const { status, severity, result, target, change } = finding;
  const what = `${status === 'ACTIVE' ? severity : status} ${subjectOf(finding)}`;
  const unknown = result === 'UNKNOWN' ? ' (not decided)' : '';
  const name = isAccount(target) ? target.accountId : nameOf(target.arn);
  const head = `Ratchet: ${what}${unknown}: ${kindOf(target, name)} `;
  const names = [
    name,
    ...(change === undefined || change.actorArn === '' ? [] : [nameOf(change.actorArn)]),
  ].map(toAscii);
  const [where = '', ...who] = names;
  const whole = [isAccount(target) ? where : `${where} in ${target.accountId}`, ...who].join(' by ');
  const fits = head.length + whole.length <= MAX_SUBJECT;
  return toSubject(`${head}${fits ? whole : fitNames(names, MAX_SUBJECT - head.length).join(' by ')}`);
}

/** What the title says, in a word or two. */
function subjectOf(finding: Finding): string {
  const { title, check } = finding;
  const [first] = standingOf(finding).find((addition) => addition.title === title)?.consequences ?? [];
  if (first === undefined || !title.endsWith(first.says)) return CHECK_WORDS[check];
  switch (first.id) {
    case 'administrator':
    case 'assignment':
      return first.id;
    case 'administrator-trust':
      return 'trusted administrator';
    default:
      return Object.hasOwn(ACCESS_RULES, first.id) ? first.id.replaceAll('-', ' ') : 'escalation';
  }
}

/** More words would leave no room for names. */
const MAX_KIND = 25;

/** The kind in words, "bucket policy of", where they are few. */
function kindOf(target: TargetRef, name: string): string {
  const words = describeTarget(target).replaceAll('`', '').slice(0, -name.length).trim();
  return words.length <= MAX_KIND ? words : target.kind;
}

/** Source: Amazon SNS API Reference, Publish. */
const MAX_SUBJECT = 100;

/** Long names are cut, each to its share, so that what a message is about and who made it are both to be seen. */
function fitNames(names: readonly string[], room: number): readonly string[] {
  const free = room - ' by '.length * (names.length - 1);
  const share = Math.floor(free / names.length);
  const spare = names.reduce((sum, name) => sum + Math.max(0, share - name.length), 0);
  return names.map((name) =>
    name.length <= share + spare ? name : `${name.slice(0, Math.max(0, share + spare - 2))}..`,
  );
}

function toAscii(text: string): string {
  return text.normalize('NFKD').replace(/[^\x20-\x7e]+/g, '?');
}

/** Returns the text as SNS takes a subject: printable ASCII, at most 100 characters. */
export function toSubject(text: string): string {
  const ascii = toAscii(text);
  return ascii.length <= MAX_SUBJECT ? ascii : `${ascii.slice(0, MAX_SUBJECT - 3)}...`;
}

const STATUS_WORDS: { readonly [status in FindingStatus]: string } = {
  ACTIVE: 'ACTIVE',
  RESOLVED: 'RESOLVED, was',
  ROLLED_BACK: 'ROLLED BACK, was',
  APPROVED: 'APPROVED',
  SUPPRESSED: 'SUPPRESSED',
  SUPERSEDED: 'SUPERSEDED',
};

/** Each check in the words of a subject or a headline. */
const CHECK_WORDS: { readonly [check in Finding['check']]: string } = {
  'no-new-access': 'new access',
  'access-not-granted': 'critical access',
  'no-public-access': 'public access',
  'no-external-access': 'external access',
  'dormant-access': 'dormant access',
  document: 'unreadable policy',
  'parameters-omitted': 'hidden request',
  'guard-touched': 'guard touched',
  'expired-exception': 'expired exception',
  'rollback-breaker': 'rollbacks stopped',
};

function who({ change }: Finding): string {
  if (change === undefined) return 'unknown, no event for this change';
  const { actorArn, sessionName, invokedBy, sourceIp } = change;
  const details = [
    ...(sessionName === undefined ? [] : [`session ${sessionName}`]),
    ...(invokedBy === undefined ? [] : [`through ${invokedBy}`]),
    ...(sourceIp === undefined ? [] : [`from ${sourceIp}`]),
  ];
  return [actorArn === '' ? 'not named in the record' : actorArn, ...details].join(', ');
}

function when({ change, openedAt }: Finding): string {
  return change === undefined ? `seen ${openedAt}` : `${change.eventTime}, ${change.eventName}`;
}

function statementBlock({ document, description, lines }: FindingStatement, most: number): string[] {
  const named = document === undefined ? '' : ` (${document})`;
  const width = Math.max(0, ...lines.map(({ number }) => String(number ?? '').length));
  const quoted = lines.map(
    ({ number, text }) => `  ${String(number ?? '').padStart(width)}${width > 0 ? ' | ' : ''}${text}`,
  );
  return [...wrap(`${description}${named}`, most), ...quoted.map((line) => clip(line, most))];
}

function whatToDo({ acceptWith, undoWith, check, result }: Finding, width: number): string[] {
  const accept =
    check === 'expired-exception'
      ? []
      : ['To accept it:', ...command(`${acceptWith} --who YOU --why REASON`, width)];
  const commands = undoWith.split(' && ').flatMap((text) => command(text, width));
  const undo = result === 'NOTICE' ? [] : ['To undo it by hand:', ...commands];
  return [...accept, ...undo];
}

function bringBack(finding: Finding, width: number): string[] {
  const text = bringBackWith(finding);
  return text === undefined ? [] : ['To write the version before the change:', ...command(text, width)];
}

/** A command that is folded stays one command for a shell. */
function command(text: string, width: number): string[] {
  const lines = wrap(text, width - 2, '  ', '    ');
  const isCommand = /^(aws|ratchet) /.test(text);
  return lines.map((line, index) => (isCommand && index < lines.length - 1 ? `${line} \\` : line));
}

/** Returns "Label:    text", folded under the text. */
export function renderFact(label: string, text: string, { width, labels }: Layout): string[] {
  const indent = ' '.repeat(labels);
  const [first = '', ...rest] = wrap(text, width, indent);
  return [`${label}: `.padEnd(labels) + first.trimStart(), ...rest];
}

/** A quoted line is cut, not folded: folding would make a policy that is none. */
function clip(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

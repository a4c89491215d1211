/** A finding as plain text for mail and terminal: the consequence first, 80 columns, nothing that needs a manual. */

import { describeTarget, isAccount, nameOf } from './consequence.ts';
import type { Finding, FindingStatement, FindingStatus } from './finding.ts';

const WIDTH = 80;

/** Returns the text, lines ended by `\n`. Words longer than a line (ARNs) stand on a line of their own, unbroken. */
export function renderText(finding: Finding): string {
  const { title, target, check, severity, message, cause, statements, removedDenies, notes } = finding;
  const blocks: string[][] = [
    [...wrap(`${STATUS_WORDS[finding.status]}: ${title}.`)],
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
    [...wrap(message), ...(cause === undefined ? [] : wrap(`Cause: ${cause}`))],
    ...statements.map((statement) => statementBlock(statement)),
    ...removedDenies.map((statement) => statementBlock(statement)),
    notes.flatMap((note) => wrap(`Note: ${note}`)),
    fact('Action', `${finding.action.kind}: ${finding.action.why}`),
    (finding.action.calls ?? []).flatMap((call) => wrap(`- ${call}`, '  ')),
    finding.status === 'ACTIVE' || finding.status === 'SUPPRESSED' ? whatToDo(finding) : [],
    fact('Finding', finding.id),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** Returns one line of printable ASCII, at most 100 characters, that says what, where and who: a mail's subject. */
export function renderSubject(finding: Finding): string {
  const { status, severity, result, target, change, check } = finding;
  const what = `${status === 'ACTIVE' ? severity : status} ${CHECK_WORDS[check]}`;
  const unknown = result === 'UNKNOWN' ? ' (not decided)' : '';
  const [kind, name] = isAccount(target) ? ['account', target.accountId] : [target.kind, nameOf(target.arn)];
  const head = `Ratchet: ${what}${unknown}: ${kind} `;
  const names = [
    name,
    ...(change === undefined || change.actorArn === '' ? [] : [nameOf(change.actorArn)]),
  ].map(toAscii);
  return toSubject(`${head}${fitNames(names, MAX_SUBJECT - head.length).join(' by ')}`);
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
  RESOLVED: 'RESOLVED, it was',
  ROLLED_BACK: 'ROLLED BACK, it was',
  APPROVED: 'APPROVED',
  SUPPRESSED: 'SUPPRESSED',
};

/** Each check in the words of a subject or a headline. */
export const CHECK_WORDS: { readonly [check in Finding['check']]: string } = {
  'no-new-access': 'new access',
  'access-not-granted': 'critical access',
  'no-public-access': 'public access',
  'no-external-access': 'external access',
  document: 'unreadable policy',
  'parameters-omitted': 'hidden request',
  'guard-touched': 'guard touched',
  'expired-exception': 'expired exception',
  'rollback-breaker': 'rollbacks stopped',
};

function who({ change }: Finding): string {
  if (change === undefined) return 'not known, no event led here';
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

function statementBlock({ document, description, lines }: FindingStatement): string[] {
  const named = document === undefined ? '' : ` (${document})`;
  const width = Math.max(0, ...lines.map(({ number }) => String(number ?? '').length));
  const quoted = lines.map(
    ({ number, text }) => `  ${String(number ?? '').padStart(width)}${width > 0 ? ' | ' : ''}${text}`,
  );
  return [...wrap(`${description}${named}`), ...quoted.map(clip)];
}

function whatToDo({ acceptWith, undoWith, check, result }: Finding): string[] {
  const accept =
    check === 'expired-exception' ? [] : ['To accept it:', `  ${acceptWith} --who YOU --why REASON`];
  const undo = result === 'NOTICE' ? [] : ['To undo it by hand:', ...undoWith.split(' && ').flatMap(command)];
  return [...accept, ...undo];
}

/** A command that is folded stays one command for a shell. */
function command(text: string): string[] {
  const lines = wrap(`  ${text}`, '    ', WIDTH - 2);
  const isCommand = text.startsWith('aws ');
  return lines.map((line, index) => (isCommand && index < lines.length - 1 ? `${line} \\` : line));
}

const LABEL_WIDTH = 10;

/** Returns "Label:    text", folded under the text. */
export function fact(label: string, text: string): string[] {
  const indent = ' '.repeat(LABEL_WIDTH);
  const [first = '', ...rest] = wrap(`${indent}${text}`, indent);
  return [`${label}:`.padEnd(LABEL_WIDTH) + first.trimStart(), ...rest];
}

/** A quoted line is cut, not folded: folding would make a policy that is none. */
function clip(line: string): string {
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`;
}

/** Returns the text in lines of at most `width`; a longer word stands alone, unbroken. */
export function wrap(text: string, indent = '', width = WIDTH): string[] {
  const lines: string[] = [];
  let line = text.slice(0, text.length - text.trimStart().length);
  for (const word of text.trim().split(/\s+/)) {
    const longer = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (longer.length <= width || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return line.trim() === '' ? lines : [...lines, line];
}

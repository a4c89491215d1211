/**
 * Two contents of a target side by side, line by line. Documents are laid out anew in one way, so that only what they
 * say can differ; lines of the statements that a finding names are marked.
 */
import { structuredPatch } from 'diff';
import type { FindingStatement } from '../../shared/findings/finding.ts';
import { locatePath } from '../../shared/policy/jsonDocument.ts';
import type { Snapshot } from '../../shared/targets/target.ts';
import { type Html, html } from './html.ts';

/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;
/** A page that shows more is no longer read. */
const MAX_ROWS = 400;

type DiffRequest = {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
  /** Of `after`. */
  readonly statements: readonly FindingStatement[];
  /** Of `before`: Denies that went away. */
  readonly removedDenies: readonly FindingStatement[];
};

/** Returns one table for each part that differs; none when nothing is known of either content. */
export function renderDiff({ before, after, statements, removedDenies }: DiffRequest): Html[] {
  const ids = [...new Set([...(before?.parts ?? []), ...(after?.parts ?? [])].map(({ id }) => id))];
  return ids.flatMap((id) => {
    const [old, now] = [layOut(before, id), layOut(after, id)];
    if (old === now) return [];
    const rows = rowsOf(old, now);
    const isOf = ({ document = 'document' }: FindingStatement) => document === id || ids.length === 1;
    const named = {
      old: linesOf(old, removedDenies.filter(isOf)),
      new: linesOf(now, statements.filter(isOf)),
    };
    return [table(id, rows, named)];
  });
}

function layOut(snapshot: Snapshot | undefined, partId: string): string {
  const part = snapshot?.parts.find(({ id }) => id === partId);
  if (part === undefined) return '';
  if (part.document === undefined) return '(not shown by AWS)\n';
  try {
    return `${JSON.stringify(JSON.parse(part.document), null, 2)}\n`;
  } catch {
    return `${part.document}\n`;
  }
}

/** Numbers of the lines that hold the statements, counted from 1. */
function linesOf(text: string, statements: readonly FindingStatement[]): ReadonlySet<number> {
  const lines = new Set<number>();
  if (text === '') return lines;
  const whole = locatePath(text, '$.Statement');
  for (const { statementIndex } of statements) {
    const isList = whole !== undefined && text.charAt(whole.start.offset) === '[';
    const span = isList ? locatePath(text, `$.Statement[${statementIndex}]`) : whole;
    if (span === undefined) continue;
    for (let line = span.start.line; line <= span.end.line; line++) lines.add(line);
  }
  return lines;
}

type Side = { readonly number: number; readonly text: string };
type Row =
  | { readonly kind: 'same'; readonly old: Side; readonly new: Side }
  | { readonly kind: 'changed'; readonly old?: Side; readonly new?: Side }
  /** Lines between two changes that are not shown. */
  | { readonly kind: 'gap' };

function rowsOf(old: string, now: string): Row[] {
  const { hunks } = structuredPatch('', '', old, now, '', '', { context: CONTEXT });
  const rows: Row[] = [];
  for (const [index, hunk] of hunks.entries()) {
    if (index > 0 || hunk.oldStart > 1 || hunk.newStart > 1) rows.push({ kind: 'gap' });
    let [oldNumber, newNumber] = [hunk.oldStart, hunk.newStart];
    let removed: Side[] = [];
    let added: Side[] = [];
    const pair = () => {
      for (let at = 0; at < Math.max(removed.length, added.length); at++) {
        const [from, to] = [removed[at], added[at]];
        rows.push({
          kind: 'changed',
          ...(from === undefined ? {} : { old: from }),
          ...(to === undefined ? {} : { new: to }),
        });
      }
      removed = [];
      added = [];
    };
    for (const line of hunk.lines) {
      const text = line.slice(1);
      if (line.startsWith('-')) removed.push({ number: oldNumber++, text });
      else if (line.startsWith('+')) added.push({ number: newNumber++, text });
      else if (line.startsWith(' ')) {
        pair();
        rows.push({
          kind: 'same',
          old: { number: oldNumber++, text },
          new: { number: newNumber++, text },
        });
      }
    }
    pair();
  }
  return rows;
}

type Named = { readonly old: ReadonlySet<number>; readonly new: ReadonlySet<number> };

function table(id: string, rows: readonly Row[], named: Named): Html {
  const title = id === 'document' ? 'The document' : id;
  const cut = rows.length > MAX_ROWS;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Change of ${title}">
<table class="diff">
<caption>${title}: before the change, and after it</caption>
<colgroup><col class="number"><col><col class="number"><col></colgroup>
<thead><tr><th scope="col" colspan="2">Before</th><th scope="col" colspan="2">After</th></tr></thead>
<tbody>
${rows.slice(0, MAX_ROWS).map((row) => renderRow(row, named))}</tbody>
</table>
${cut ? html`<p>${rows.length - MAX_ROWS} more lines are not shown.</p>` : undefined}</div>
`;
}

function renderRow(row: Row, named: Named): Html {
  if (row.kind === 'gap') return html`<tr class="gap"><td colspan="4">unchanged lines</td></tr>\n`;
  const isSame = row.kind === 'same';
  const mark = (side: 'old' | 'new', line: Side | undefined) =>
    line !== undefined && named[side].has(line.number);
  return html`<tr class="${row.kind}">${cells(row.old, { sign: isSame ? '' : '−', word: 'removed', isNamed: mark('old', row.old) })}${cells(row.new, { sign: isSame ? '' : '+', word: 'added', isNamed: mark('new', row.new) })}</tr>\n`;
}

type Marking = { readonly sign: '' | '−' | '+'; readonly word: string; readonly isNamed: boolean };

function cells(line: Side | undefined, { sign, word, isNamed }: Marking): Html {
  if (line === undefined) return html`<td class="number"></td><td class="none"></td>`;
  const kind = sign === '' ? '' : word;
  const said =
    sign === ''
      ? undefined
      : html`<span class="sign" aria-hidden="true">${sign} </span><span class="unseen">${word}: </span>`;
  const pointed = isNamed ? html`<span class="unseen"> (in the statement that matters)</span>` : undefined;
  return html`<td class="number">${line.number}</td><td class="line ${kind}${isNamed ? ' named' : ''}">${said}<code>${line.text}</code>${pointed}</td>`;
}

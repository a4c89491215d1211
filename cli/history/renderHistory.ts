/** The versions of a target for people: who made each, what became of it, and what it grants beyond the one before. */
import { describeTarget } from '../../shared/findings/consequence.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { type Console, visible } from '../output/console.ts';
import { columns, indent } from '../output/layout.ts';
import type { Beyond, Version } from './collectHistory.ts';

type Page = Pick<Console, 'width' | 'paint'>;

/** Returns the whole text, ending in a line end. */
export function renderHistory(target: TargetRef, versions: readonly Version[], page: Page): string {
  const count = `${versions.length} ${versions.length === 1 ? 'version' : 'versions'} known, newest last.`;
  const head = [
    indent(visible(`${describeTarget(target)}`), '', page.width),
    indent(visible(target.arn), '', page.width),
    count,
  ].join('\n');
  return `${[head, ...versions.map((version, index) => renderVersion(version, index + 1, page))].join('\n\n')}\n`;
}

function renderVersion({ at, kind, by, why, findings, beyond }: Version, number: number, page: Page): string {
  const who = by === '' ? '' : ` by ${by}`;
  const what = kind === 'accepted' ? `accepted${who}: ${why}` : `${why}${who}`;
  const heading = indent(visible(`${at.slice(0, 19)}  ${what}`), `${number}  `, page.width);
  const [first = heading, ...rest] = heading.split('\n');
  return [
    [page.paint('bold', first), ...rest].join('\n'),
    ...findings.map(({ id, status, severity, title }) =>
      indent(visible(`${status} ${severity} ${id}: ${title}`), '   ', page.width),
    ),
    renderBeyond(beyond, page),
  ].join('\n');
}

function renderBeyond(beyond: Beyond, page: Page): string {
  if (beyond.kind === 'first') return '   The version before it is not known.';
  if (beyond.kind === 'unknown')
    return indent(`What it newly grants is not known: ${visible(beyond.why)}.`, '   ', page.width);
  if (beyond.pieces.length === 0) return '   Newly grants nothing.';
  const list = (texts: readonly string[]) => visible(texts.join(', '));
  const pieces = beyond.pieces.map(({ document, actions, resources, principals, conditions, witness }) =>
    columns(
      [
        ...(document === undefined || document === '' ? [] : [['in', visible(document)] as const]),
        ...(principals === undefined ? [] : [['who', list(principals)] as const]),
        ['can do', list(actions)],
        ['on', list(resources)],
        ...(conditions === undefined ? [] : [['if', list(conditions)] as const]),
        ['e.g.', visible(`${witness.action} on ${witness.resource}`)],
      ],
      '     ',
      page.width,
    ),
  );
  const end = beyond.cut ? ['     The list is cut here; there may be more.'] : [];
  return ['   Newly grants:', ...pieces, ...end].join('\n');
}

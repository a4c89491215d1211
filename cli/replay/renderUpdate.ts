/** A finding that was told before, and what became of it: a few lines. */
import type { Finding } from '../../shared/findings/finding.ts';
import { type Console, visible } from '../output/console.ts';
import { indent } from '../output/layout.ts';

/** Returns the finding's new status, why, what was done, and which finding it is. */
export function renderUpdate(
  { status, statusWhy, updatedAt, title, action, id }: Finding,
  { width, paint }: Pick<Console, 'width' | 'paint'>,
): string {
  const rule = paint('dim', '─'.repeat(Math.min(80, width)));
  const lines = [
    `${paint('bold', status)}  ${updatedAt}`,
    indent(visible(title), '  ', width),
    ...(statusWhy === undefined ? [] : [indent(visible(statusWhy), '  Why:     ', width)]),
    indent(visible(`${action.kind}: ${action.why}`), '  Action:  ', width),
    ...(action.calls ?? []).map((call) => indent(visible(call), '           - ', width)),
    `  Finding: ${id}`,
  ];
  return `${rule}\n${lines.join('\n')}\n\n`;
}

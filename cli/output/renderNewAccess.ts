/** The pieces of new access for people: who can now do what on what, each with a request that proves it. */
import type { NewAccess, NewAccessPiece } from '../../shared/checks/index.ts';
import { type Console, visible } from './console.ts';
import { columns } from './layout.ts';
import { renderRequest } from './renderRequest.ts';

type Page = Pick<Console, 'width' | 'paint'>;

/** Returns the whole text, ending in a line end. */
export function renderNewAccess({ pieces, cut }: NewAccess, page: Page): string {
  const title = page.paint(
    'bold',
    `All new access, in ${pieces.length} ${pieces.length === 1 ? 'piece' : 'pieces'}:`,
  );
  const parts = pieces.map((piece, index) => renderPiece(piece, index + 1, page));
  const end = cut ? ['The list is cut here; there may be more.'] : [];
  return `\n${[title, ...parts, ...end].join('\n\n')}\n`;
}

function renderPiece(piece: NewAccessPiece, number: number, page: Page): string {
  const { statementIndex, statementId, actions, resources, principals, conditions, witness } = piece;
  const list = (texts: readonly string[]) => texts.map(visible).join(', ');
  const rows: [string, string][] = [
    [
      'statement',
      statementId === undefined ? String(statementIndex) : `${statementIndex} (${visible(statementId)})`,
    ],
    ...(principals === undefined ? [] : [['who', list(principals)] satisfies [string, string]]),
    ['can do', list(actions)],
    ['on', list(resources)],
    ...(conditions === undefined ? [] : [['if', list(conditions)] satisfies [string, string]]),
  ];
  return `${number}.\n${columns(rows, '  ', page.width)}\n  for example\n${renderRequest(witness, page.width)}`;
}

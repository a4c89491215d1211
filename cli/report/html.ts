/** HTML from pieces: everything that is not marked as HTML is text and is escaped. */
import { visible } from '../output/console.ts';

/** HTML that is safe to put into a page as it is. Made by `html` only. */
export type Html = { readonly markup: string };

type Piece = Html | string | number | undefined | readonly Html[];

/** Returns the markup of the template; texts, numbers and attribute values are escaped, `undefined` is nothing. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const markup = parts.map((part, index) => part + toMarkup(pieces[index])).join('');
  return { markup };
}

function toMarkup(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string') return escapeText(piece);
  if (typeof piece === 'number') return String(piece);
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('');
}

const ENTITIES: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and inside quoted attributes. */
function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

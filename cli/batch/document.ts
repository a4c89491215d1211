/** A policy document inside a row: an object, or a string that holds JSON. Its problems get their place in the line. */
import type { Policy } from '../../shared/policy/ast.ts';
import { locatePath } from '../../shared/policy/jsonDocument.ts';
import { MAX_DOCUMENT_BYTES, parsePolicy, parsePolicyValue } from '../../shared/policy/parsePolicy.ts';
import { POLICY_TYPES, type PolicyTypeName } from '../input/policyTypes.ts';
import { isHeld, unwrapText, unwrapValue } from '../input/unwrapDocument.ts';

/** `column` counts from 1 in the line; `path` starts at the row. */
export type DocumentProblem = { readonly message: string; readonly path: string; readonly column?: number };

type DocumentReading =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

type DocumentPlace = {
  /** Of the document in the row: `$.new`. */
  readonly path: string;
  /** The whole line. */
  readonly text: string;
  readonly type: PolicyTypeName;
  /** As `parsePolicy` has them. */
  readonly isReference?: boolean;
  readonly held?: boolean;
};

/** A number of so many digits may lose some as a value; its text must be read then. */
const LONG_NUMBER = /\d[\d.]{14,}|\d[eE][+-]?\d/;

/** Looking up a place reads the line again; a person needs the first few. */
const MAX_PLACES = 10;

/** Returns the policy, or what is wrong with it. */
export function readDocument(written: string | object, place: DocumentPlace): DocumentReading {
  if (typeof written === 'string') return readText(written, place);
  const unwrapped = unwrapValue(written);
  if (unwrapped !== undefined) {
    const { value, path } = unwrapped;
    return readDocument(value, { ...place, path: place.path + path.slice(1), held: true });
  }
  // A document that may be too long is measured as text.
  if (LONG_NUMBER.test(place.text) || place.text.length > MAX_DOCUMENT_BYTES / 4)
    return readSlice(written, place);
  return readValue(written, place);
}

function readValue(
  written: object,
  { path, text, type, isReference = false, held = false }: DocumentPlace,
): DocumentReading {
  const parsed = parsePolicyValue(written, { ...POLICY_TYPES[type], isReference, held });
  if (parsed.ok) return parsed;
  const problems = parsed.problems.map(({ message, path: inner }, index) => {
    const whole = path + inner.slice(1);
    const column = index < MAX_PLACES ? locatePath(text, whole)?.start.column : undefined;
    return { message, path: whole, ...(column === undefined ? {} : { column }) };
  });
  return { ok: false, problems };
}

/** The document's own part of the line, so that numbers are read from their text. */
function readSlice(written: object, place: DocumentPlace): DocumentReading {
  const { path, text, type, isReference = false, held = false } = place;
  const span = locatePath(text, path);
  if (span === undefined) return readValue(written, place);
  const { start, end } = span;
  const parsed = parsePolicy(text.slice(start.offset, end.offset), {
    ...POLICY_TYPES[type],
    isReference,
    held,
  });
  if (parsed.ok) return parsed;
  const problems = parsed.problems.map(({ message, path: inner, position }) => ({
    message,
    path: path + inner.slice(1),
    ...(position === undefined ? {} : { column: start.column + position.column - 1 }),
  }));
  return { ok: false, problems };
}

function readText(
  written: string,
  { path, text, type, isReference = false, held: isKnown = false }: DocumentPlace,
): DocumentReading {
  const unwrapped = unwrapText(written);
  const held = isKnown || isHeld(unwrapped);
  const inner = unwrapped === undefined ? written : unwrapped.value;
  const parsed =
    typeof inner === 'string'
      ? parsePolicy(inner, { ...POLICY_TYPES[type], isReference, held })
      : parsePolicyValue(inner, { ...POLICY_TYPES[type], isReference, held });
  if (parsed.ok) return parsed;
  const column = locatePath(text, path)?.start.column;
  const problems = parsed.problems.map(({ message, path: inner, position }) => {
    const at =
      position === undefined
        ? ''
        : ` (line ${position.line}, column ${position.column} of the string's text)`;
    return {
      message: `${message}${at}`,
      path: path + inner.slice(1),
      ...(column === undefined ? {} : { column }),
    };
  });
  return { ok: false, problems };
}

/** A text of JSON or YAML as values with places: what templates, plans and plain policies are read with. */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { parseJson } from '../../shared/policy/jsonDocument.ts';
import type { Region } from '../output/checkResult.ts';

export type Source = {
  /** The value; CloudFormation's short forms (`!Ref x`) as their long ones. */
  readonly value: unknown;
  /** Where the value of a path stands; undefined when there is none such. */
  readonly regionOf: (path: readonly (string | number)[]) => Region | undefined;
};

/** Returns the source, or one sentence that says why the text is none. */
export function readSource(text: string): Source | string {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: 'silent', uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    // JSON is told what is wrong in words of JSON.
    const json = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
    if (json?.ok === false) {
      const { position, message } = json.problem;
      return position === undefined
        ? message
        : `line ${position.line}, column ${position.column}: ${message}`;
    }
    const { line, col } = counter.linePos(error.pos[0]);
    return `line ${line}, column ${col}: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`;
  }
  const regionOf: Source['regionOf'] = (path) => {
    const node = document.getIn(path, true);
    const range = isNode(node) ? node.range : undefined;
    if (!range) return undefined;
    const [start, end] = [counter.linePos(range[0]), counter.linePos(Math.max(range[0], range[1]))];
    return { startLine: start.line, startColumn: start.col, endLine: end.line, endColumn: end.col };
  };
  try {
    return { value: toValue(document.contents), regionOf };
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value);
}

/** Short forms whose long ones have no `Fn::` before them. */
const PLAIN = new Set(['Ref', 'Condition']);

function toValue(node: unknown): unknown {
  if (isAlias(node)) throw new Error('aliases are not taken; write the value out');
  const value = toPlain(node);
  const tag = isNode(node) ? node.tag : undefined;
  if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
  const name = tag.slice(1);
  const long = PLAIN.has(name) ? name : `Fn::${name}`;
  return {
    [long]: name === 'GetAtt' && typeof value === 'string' ? value.split(/\.(.*)/s).slice(0, 2) : value,
  };
}

function toPlain(node: unknown): unknown {
  if (isMap(node)) {
    const entries = node.items.map((pair): [string, unknown] => {
      if (!isPair(pair) || !isScalar(pair.key)) throw new Error('a key must be a text');
      return [String(pair.key.value), toValue(pair.value)];
    });
    return Object.fromEntries(entries);
  }
  if (isSeq(node)) return node.items.map(toValue);
  if (!isScalar(node)) return null;
  // `2012-10-17` is a date to YAML 1.1, a number such as 012 an octal one; a policy means the text.
  return typeof node.value === 'string' || typeof node.value === 'boolean' || node.value === null
    ? node.value
    : (node.source ?? node.value);
}

/** A text of JSON or YAML as values with places: what templates, plans and plain policies are read with. */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml';
import { hasDuplicateKeys, parseJson } from '../../../shared/policy/jsonDocument.ts';
import type { Region } from '../../output/checkResult.ts';
import type { Path } from '../fields.ts';

export type Source = {
  /** The value; CloudFormation's short forms (`!Ref x`) as their long ones. */
  readonly value: unknown;
  /** Where the value of a path stands; undefined when there is none such. */
  readonly regionOf: (path: Path) => Region | undefined;
};

/** Beyond this a file is no template that a person wrote, and places are not looked for. */
const MAX_PLACED = 2_000_000;

/** A file is asked for by itself, and again by what deploys it. */
const MAX_KNOWN = 500;
const known = new Map<string, readonly Source[] | string>();

/** Returns the text's documents, or one sentence that says why it has none. */
export function readSources(text: string): readonly Source[] | string {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size === MAX_KNOWN) known.clear();
  const read = withinDepth(parseSafely(text));
  known.set(text, read);
  return read;
}

function parseSafely(text: string): readonly Source[] | string {
  try {
    return parseSources(text);
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

/** Deeper values are no policies, and reading them would take more room than there is. */
const MAX_DEPTH = 200;
const TOO_DEEP = `it is nested deeper than ${MAX_DEPTH} levels`;

function withinDepth(read: readonly Source[] | string): readonly Source[] | string {
  if (typeof read === 'string') return read;
  let level: unknown[] = read.map(({ value }) => value);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return TOO_DEEP;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return read;
}

function parseSources(text: string): readonly Source[] | string {
  if (text.trim() === '') return [];
  const isJson = /^\s*(?:(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)\s*)*[{[]/.test(text);
  if (!isJson) return readYaml(text);
  const json = parseJson(text);
  if (json.ok) return [{ value: json.value, regionOf: placesLater(text) }];
  const bare = withoutComments(text);
  const value = bare === text ? undefined : jsonValue(bare);
  if (value !== undefined) return [{ value, regionOf: placesLater(bare) }];
  const yaml = /^\s*[{[]["']?[\w$]/.test(text) || text.includes('!') ? readYaml(text) : undefined;
  if (yaml !== undefined && typeof yaml !== 'string' && !isDuplicate(json.problem.message)) return yaml;
  const { position, message } = json.problem;
  return position === undefined ? message : `line ${position.line}, column ${position.column}: ${message}`;
}

const isDuplicate = (message: string) => /twice/.test(message);

function jsonValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return hasDuplicateKeys(text, value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Places are looked for when somebody asks: most files are read for their values alone. */
function placesLater(text: string): Source['regionOf'] {
  let places: Source['regionOf'] | undefined;
  return (path) => {
    if (text.length > MAX_PLACED) return undefined;
    if (places === undefined) {
      const counter = new LineCounter();
      const [document] = parseAllDocuments(text, {
        lineCounter: counter,
        logLevel: 'silent',
        uniqueKeys: false,
      });
      places = document === undefined ? () => undefined : regionsOf(document, counter);
    }
    return places(path);
  };
}

function readYaml(text: string): readonly Source[] | string {
  const counter = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: counter, logLevel: 'silent', uniqueKeys: true });
  const documents: Document[] = Array.isArray(parsed) ? [...parsed] : [];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) {
    const { line, col } = counter.linePos(error.pos[0]);
    return `line ${line}, column ${col}: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`;
  }
  try {
    return documents.map((document) => ({
      value: createReader(document)(document.contents),
      regionOf: regionsOf(document, counter),
    }));
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

function regionsOf(document: Document, counter: LineCounter): Source['regionOf'] {
  return (path) => {
    const node = document.getIn(path, true);
    const range = isNode(node) ? node.range : undefined;
    if (!range) return undefined;
    const [start, end] = [counter.linePos(range[0]), counter.linePos(Math.max(range[0], range[1]))];
    return { startLine: start.line, startColumn: start.col, endLine: end.line, endColumn: end.col };
  };
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value);
}

/** Short forms whose long ones have no `Fn::` before them. */
const PLAIN = new Set(['Ref', 'Condition']);

/** Aliases may repeat a text without end. */
const MAX_NODES = 500_000;

function createReader(document: Document): (node: unknown) => unknown {
  let nodes = 0;
  const toValue = (node: unknown): unknown => {
    nodes += 1;
    if (nodes > MAX_NODES) throw new Error('its aliases repeat too much; write the values out');
    if (isAlias(node)) return toValue(node.resolve(document));
    const value = toPlain(node);
    const tag = isNode(node) ? node.tag : undefined;
    if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
    const name = tag.slice(1);
    const long = PLAIN.has(name) ? name : `Fn::${name}`;
    return {
      [long]: name === 'GetAtt' && typeof value === 'string' ? value.split(/\.(.*)/s).slice(0, 2) : value,
    };
  };
  const toPlain = (node: unknown): unknown => {
    if (isMap(node)) {
      const merged: [string, unknown][] = [];
      const entries = node.items.flatMap((pair): [string, unknown][] => {
        if (!isPair(pair) || !isScalar(pair.key)) throw new Error('a key must be a text');
        const key =
          typeof pair.key.value === 'string' ? pair.key.value : String(pair.key.source ?? pair.key.value);
        const value = toValue(pair.value);
        if (key !== '<<') return [[key, value]];
        // Of several the first counts.
        for (const each of [value].flat().reverse())
          if (typeof each === 'object' && each !== null) merged.push(...Object.entries(each));
        return [];
      });
      return Object.fromEntries([...merged, ...entries]);
    }
    if (isSeq(node)) return node.items.map(toValue);
    if (!isScalar(node)) return null;
    // `2012-10-17` is a date to YAML 1.1, a number such as 012 an octal one; a policy means the text.
    return typeof node.value === 'string' || typeof node.value === 'boolean' || node.value === null
      ? node.value
      : (node.source ?? node.value);
  };
  return toValue;
}

/** Comments and commas before a closing bracket become white space, so that places stay. */
function withoutComments(text: string): string {
  const kept = text.replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
  return kept.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found.startsWith('"') ? found : ' '));
}

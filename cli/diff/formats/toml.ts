/** TOML as far as configurations use it. Anything else is refused, never guessed. Source: toml.io, version 1.0.0. */

type Table = { [name: string]: unknown };

/** Returns the table of a text. Throws for what is not TOML, or is dates and numbers of a rare form. */
export function parseToml(text: string): Table {
  const root: Table = {};
  let table = root;
  const reader = createReader(text);
  for (reader.skipLines(); !reader.isAtEnd(); reader.skipLines()) {
    if (reader.take('[[')) {
      const names = reader.keys();
      reader.expect(']]');
      const last = names.pop() ?? '';
      const parent = tableAt(root, names);
      const list = Array.isArray(parent[last]) ? parent[last] : [];
      table = {};
      parent[last] = [...list, table];
    } else if (reader.take('[')) {
      const names = reader.keys();
      reader.expect(']');
      table = tableAt(root, names);
    } else reader.pair(table);
    reader.endLine();
  }
  return root;
}

/** The table of that name, made where there is none; of a list of tables the last. */
function tableAt(root: Table, names: readonly string[]): Table {
  return names.reduce<Table>((table, name) => {
    const known = table[name];
    const found = Array.isArray(known) ? (known.at(-1) as unknown) : known;
    if (found === undefined) {
      const made: Table = {};
      table[name] = made;
      return made;
    }
    if (typeof found !== 'object' || found === null) throw new Error(`\`${name}\` is no table`);
    return found as Table; // An object stays one.
  }, root);
}

const ESCAPES: { readonly [sign: string]: string } = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\u001b',
  '"': '"',
  '\\': '\\',
};

function createReader(text: string) {
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return undefined;
    at += found[0].length;
    return found;
  };
  const fail = (wanted: string): never => {
    const line = text.slice(0, at).split('\n').length;
    throw new Error(`line ${line}: ${wanted}`);
  };
  const skip = () => match(/[ \t]*/y);
  const skipLines = () => match(/(?:\s|#[^\n]*)*/y);
  const take = (sign: string) => {
    if (!text.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  const expect = (sign: string) => {
    skip();
    if (!take(sign)) fail(`\`${sign}\` is missing`);
  };
  const unescaped = (raw: string) =>
    raw.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r?\n\s*)|(.))/g, (_, short, long, line, sign) => {
      if (line !== undefined) return '';
      const code = short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return ESCAPES[sign] ?? fail(`\`\\${sign}\` is no escape`);
    });
  const quoted = (): string | undefined => {
    const lines = match(/"""\r?\n?((?:[^"\\]|\\[\s\S]|"(?!""))*"{0,2})"""/y);
    if (lines !== undefined) return unescaped(lines[1] ?? '');
    const plainLines = match(/'''\r?\n?((?:[^']|'(?!''))*'{0,2})'''/y);
    if (plainLines !== undefined) return plainLines[1] ?? '';
    const basic = match(/"((?:[^"\\\n]|\\[^\n])*)"/y);
    if (basic !== undefined) return unescaped(basic[1] ?? '');
    return match(/'([^'\n]*)'/y)?.[1];
  };
  const keys = (): string[] => {
    const names: string[] = [];
    do {
      skip();
      names.push(quoted() ?? match(/[A-Za-z0-9_-]+/y)?.[0] ?? fail('a name is missing'));
      skip();
    } while (take('.'));
    return names;
  };
  const pair = (into: Table) => {
    const names = keys();
    expect('=');
    const last = names.pop() ?? '';
    const table = tableAt(into, names);
    if (last in table) fail(`\`${last}\` stands twice`);
    table[last] = value();
  };
  const value = (): unknown => {
    skip();
    const text = quoted();
    if (text !== undefined) return text;
    if (take('[')) return list();
    if (take('{')) return inline();
    const word = match(/true|false|[+-]?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w:.-])/y)?.[0];
    if (word === undefined) return fail('a value is missing, or of a form that is not read');
    return word === 'true' || word === 'false' ? word === 'true' : Number(word.replaceAll('_', ''));
  };
  const list = (): unknown[] => {
    const members: unknown[] = [];
    for (skipLines(); !take(']'); skipLines()) {
      members.push(value());
      skipLines();
      if (!take(',') && !text.startsWith(']', at)) fail('`]` is missing');
    }
    return members;
  };
  const inline = (): Table => {
    const table: Table = {};
    for (skipLines(); !take('}'); skipLines()) {
      pair(table);
      skipLines();
      if (!take(',') && !text.startsWith('}', at)) fail('`}` is missing');
    }
    return table;
  };
  return {
    skipLines,
    take,
    expect,
    keys,
    pair,
    isAtEnd: () => at >= text.length,
    endLine: () => match(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y) ?? fail('something stands behind the value'),
  };
}

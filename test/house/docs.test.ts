/** That the pages for people say nothing that is not there: links, alarms, settings, commands and flags. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import * as v from 'valibot';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { configSchema } from '../../shared/runtime/configSchema.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  '.github/SECURITY.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));

const FENCE = /^( *)```(\w*)\n(.*?)^\1```/gms;

type Block = { readonly path: string; readonly language: string; readonly text: string };

const blocks = pages.flatMap((path): Block[] =>
  [...textOf(path).matchAll(FENCE)].map(([, , language = '', text = '']) => ({ path, language, text })),
);
const prose = pages.map((path) => ({ path, text: textOf(path).replace(FENCE, '') }));
/** What stands between single backticks. */
const inlineCode = prose.flatMap(({ path, text }) =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => ({ path, code })),
);

/** The names by which the headings of a page are linked to, as the usual sites make them. */
function anchorsOf(path: string): ReadonlySet<string> {
  const text = textOf(path).replace(FENCE, '');
  const seen = new Map<string, number>();
  return new Set(
    [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
      const name = heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-');
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return before === 0 ? name : `${name}-${before}`;
    }),
  );
}

describe('links', () => {
  it.each(prose)('of $path lead to a file and a heading that are there', ({ path, text }) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const found = file === '' ? path : relative(root, join(root, dirname(path), file));
      if (!existsSync(join(root, found))) return true;
      return anchor !== undefined && !anchorsOf(found).has(anchor);
    });

    expect(broken).toEqual([]);
  });

  it('of the index reach every page', () => {
    const index = textOf('docs/README.md');
    const others = readdirSync(join(root, 'docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md',
    );

    expect(others.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });
});

describe('alarms', () => {
  it('of the stack each have a heading, and every heading its alarm', () => {
    const alarms = readdirSync(join(root, 'infra'))
      .filter((name) => name.endsWith('.yml'))
      .flatMap((name) =>
        [...textOf(`infra/${name}`).matchAll(/^ {2}(\w+):\n {4}Type: AWS::CloudWatch::Alarm$/gm)].map(
          ([, id]) => id,
        ),
      );
    const headings = [...textOf('docs/alarms.md').matchAll(/^### (\w+)$/gm)].map(([, id]) => id);

    expect(headings.sort()).toEqual(alarms.sort());
  });

  it('stand wherever a page names one', () => {
    const known = textOf('docs/alarms.md');
    const named = inlineCode.filter(({ code }) => /^\w+Alarm$/.test(code));

    expect(named.filter(({ code }) => !known.includes(`### ${code}\n`))).toEqual([]);
  });
});

type Schema = { readonly properties?: { readonly [name: string]: Schema } };

describe('kinds', () => {
  it('that are restored in part or only reported are told with the reason', () => {
    const partly = [
      ...textOf('docs/kinds.md').matchAll(/^\| `([\w-]+)` \|.*\| (?:partly|only reported) \|$/gm),
    ];
    const page = textOf('docs/rolling-back.md');

    expect(partly).not.toEqual([]);
    expect(partly.filter(([, kind]) => !page.includes(`| \`${kind}\``))).toEqual([]);
  });
});

describe('settings', () => {
  const schema = JSON.parse(textOf('shared/runtime/config.schema.json')) as Schema; // Generated; of the form that JSON Schema has.
  const names = Object.keys(schema.properties ?? {}).filter((name) => name !== '$schema');

  it('of the configuration are each named', () => {
    const unnamed = names.filter(
      (name) => !inlineCode.some(({ code }) => code === name || code.startsWith(`${name}.`)),
    );

    expect(unnamed).toEqual([]);
  });

  it('that a page explains, in bold at the start of a line, exist', () => {
    const explained = prose.flatMap(({ text }) =>
      [...text.matchAll(/^\*\*`([^`]+)`\*\*/gm)].map(([, name]) => name),
    );

    expect(explained).not.toEqual([]);
    expect(explained.filter((name) => name === undefined || !names.includes(name))).toEqual([]);
  });

  it('that are named by a path exist', () => {
    const lost = inlineCode.filter(({ code }) => {
      const [first = '', second, ...more] = code.split('.');
      if (!names.includes(first) || second === undefined) return false;
      return more.length > 0 || schema.properties?.[first]?.properties?.[second] === undefined;
    });

    expect(lost).toEqual([]);
  });

  it('that are shown as JSON are right', () => {
    const shown = blocks
      .filter(({ language }) => language === 'json')
      .map(({ path, text }) => ({ path, config: JSON.parse(text) as object })) // Any JSON; what it says is looked at below.
      .filter(({ config }) => Object.keys(config).some((name) => names.includes(name)));

    expect(shown).not.toEqual([]);
    expect(shown.filter(({ config }) => !v.is(configSchema, config))).toEqual([]);
  });
});

describe('commands', () => {
  let program: Command;
  // The tree of commands is made for one run; this one runs nothing.
  beforeAll(async () => {
    const parse = vi.spyOn(Command.prototype, 'parseAsync').mockImplementation(async function (
      this: Command,
    ) {
      program = this;
      return this;
    });
    const { stdin } = process;
    const quiet = {
      out: async () => {},
      err() {},
      width: 80,
      watched: false,
      paint: (_: unknown, text: string) => text,
    };
    await createProgram({ ...quiet, stdin })([]);
    parse.mockRestore();
  });

  const CALL = /(?:^\s*|[|;(] *|\$ )(?:npx )?ratchet ([^|;)>\n]+)/gm;
  const calls = [
    ...blocks.flatMap(({ path, text }) =>
      [...text.replaceAll('\\\n', ' ').matchAll(CALL)].map(([, call = '']) => ({ path, call })),
    ),
    ...inlineCode.flatMap(({ path, code }) =>
      [...code.matchAll(/^(?:npx )?ratchet (.+)$/g)].map(([, call = '']) => ({ path, call })),
    ),
  ].map(({ path, call }) => ({ path, call: call.replace(/"[^"]*"/g, 'TEXT').replace(/ #.*$/, '') }));

  /** Returns what of the call is unknown to the command. */
  function strangersOf(call: string): string[] {
    const words = call.trim().split(/\s+/);
    let command = program;
    for (const word of words) {
      const next = command.commands.find((one) => one.name() === word);
      if (next === undefined) break;
      command = next;
    }
    const known = [...command.options.map(({ long }) => long), '--help'];
    const flags = words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []);
    const strangers = flags.filter((flag) => !known.includes(flag));
    const [first = ''] = words;
    const isCommand = command !== program || first === 'help' || first.startsWith('--');
    return isCommand ? strangers : [first, ...strangers];
  }

  it('and flags that are shown exist', () => {
    const wrong = calls.flatMap(({ path, call }) =>
      strangersOf(call).map((stranger) => `${path}: ${stranger} in: ratchet ${call.trim()}`),
    );

    expect(calls.length).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });
});

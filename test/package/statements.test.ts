import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTemplate } from './template.ts';

type Statement = { readonly Sid?: unknown };
type Document = { readonly Statement: Statement | readonly Statement[] };

const { Resources: resources } = readTemplate();
/** Made of the kinds, many statements each, which are the kinds' own: told as a whole. */
const GENERATED = /^(Read|List|Write)\d+Policy$/;

/** Every policy document of the template, by the resource that it stands in. */
const documents = Object.entries(resources).flatMap(([id, { Properties = {} }]) => {
  const inline = (Properties['Policies'] ?? []) as readonly { readonly PolicyDocument: Document }[];
  const own = [
    Properties['PolicyDocument'],
    Properties['AssumeRolePolicyDocument'],
    Properties['KeyPolicy'],
    resources[id]?.Type === 'AWS::Events::EventBusPolicy'
      ? { Statement: { Sid: Properties['StatementId'] } }
      : undefined,
    ...inline.map(({ PolicyDocument }) => PolicyDocument),
  ];
  return own.filter((one) => one !== undefined).map((document) => [id, document as Document] as const);
});

/** `DetectRole TakeEvents`; of a generated policy the policy alone. */
const told = [
  ...new Set(
    documents.flatMap(([id, { Statement: statement }]) => {
      if (GENERATED.test(id)) return [id];
      return [statement].flat().map(({ Sid: sid = 'without' }) => `${id} ${sid}`);
    }),
  ),
];

const page = readFileSync(fileURLToPath(new URL('../../docs/threat-model.md', import.meta.url)), 'utf8');
/** Rows of the table of statements: the resources that have it, its Sid, and what stands beside it. */
const rows = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| (`\w+`|all) \| ([^|]+) \| ([^|]+) \|$/gm)].flatMap(
  ([, places = '', sid = '', , worst = '']) =>
    places
      .split(', ')
      .map((place) => [`${place} ${sid}`.replaceAll('`', '').replace(/ all$/, ''), worst] as const),
);

describe('the threat model', () => {
  it('has a line for every statement of the stack, with the worst that it allows', () => {
    const known = rows.map(([row]) => row);

    expect(told.filter((one) => !known.includes(one))).toEqual([]);
    expect(rows.filter(([, worst]) => worst.trim().length < 10)).toEqual([]);
  });

  it('has no line for a statement that is not there', () => {
    expect(rows.map(([row]) => row).filter((row) => !told.includes(row))).toEqual([]);
  });
});

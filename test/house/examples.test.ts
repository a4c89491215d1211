/** Requests that the pages show are calls that AWS documents, by a reading of the reference that shares no code with ours. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyNotListed } from '../oracle/serviceReference.ts';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

const ACTION = '([a-z0-9-]+:[A-Z][A-Za-z0-9]+)';
/** As a request's lines, as a sentence, as JSON, and as two words. */
const SHOWN = [
  new RegExp(`^ *action +${ACTION}\\n *resource +(\\S+)`, 'gm'),
  new RegExp(`call(?:, for example,|)\\s+\`${ACTION}\`\\s+on\\s+\`([^\`]+)\``, 'g'),
  new RegExp(`"action": "${ACTION}",\\s*"resource": "([^"]+)"`, 'g'),
  new RegExp(`action: '${ACTION}',\\s*resource: '([^']+)'`, 'g'),
  new RegExp(`\\b${ACTION} (arn:\\S+)`, 'g'),
];
const shown = pages.flatMap(({ name, text }) =>
  SHOWN.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, action = '', resource = '']) => ({ name, action, resource })),
  ),
);

describe('the pages', () => {
  it('show requests', () => {
    expect(shown.length).toBeGreaterThanOrEqual(5);
  });

  it.each(shown)('$name: $action on $resource is a call', ({ action, resource }) => {
    expect(whyNotListed({ action, resource, context: {} })).toBeUndefined();
  });
});

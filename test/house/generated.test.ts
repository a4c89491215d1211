/** What is made of the kinds' definitions is what `npm run generate` would make now. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { infraFiles } from '../../scripts/infra.ts';
import { registryFiles } from '../../scripts/registry.ts';

/** The formatter sets lines and commas, and the order of imports and names in them; they say nothing. */
const bare = (text: string) =>
  text
    .split(/[\s,]+/)
    .sort()
    .join(' ');

describe('the registry', async () => {
  it.each(await registryFiles())('$path is as the services’ folders make it', ({ path, text }) => {
    const kept = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

    expect(bare(kept)).toBe(bare(text));
  });
});

describe('the stack', () => {
  it.each(infraFiles())('$path is as the kinds make it', ({ path, text }) => {
    const kept = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

    expect(kept).toBe(text);
  });
});

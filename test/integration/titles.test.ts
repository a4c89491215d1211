import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from '../../shared/findings/finding.ts';
import { builtCommand, root } from './cli/command.ts';
import { faultsOf } from './titles.ts';

const { run } = builtCommand();
const folder = join(root, 'test/vectors/trails');

it.each(readdirSync(folder))(
  'the titles of %s name their targets, and nothing that nobody wrote',
  async (name) => {
    const { stdout } = await run(['replay', join(folder, name), '--output', 'json']);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    const said = readFileSync(join(folder, name), 'utf8').toLowerCase();

    expect(findings.length).toBeGreaterThan(0);
    expect((await Promise.all(findings.map((finding) => faultsOf(finding, said)))).flat()).toEqual([]);
  },
);

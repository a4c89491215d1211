/**
 * The guard that a history is played against: this one, or that of another checkout, whose handlers then stand in the
 * same account before the same laws.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { createDetect } from '../../functions/detect/detect.ts';
import type { createRollback } from '../../functions/rollback/rollback.ts';
import type { createSweep } from '../../functions/sweep/sweep.ts';
import type { createEngine } from '../../shared/checks/index.ts';
import type { createSnsPublisher } from '../../shared/findings/snsPublisher.ts';
import type { createGuard } from '../../shared/guard/guard.ts';
import type { guardCodecs } from '../../shared/guard/stateSchema.ts';
import type { defaultConfig } from '../../shared/runtime/loadConfig.ts';
import type { ADAPTERS } from '../../shared/services/index.ts';
import type { createS3Store } from '../../shared/store/s3Store.ts';

export type Edition = {
  readonly createDetect: typeof createDetect;
  readonly createRollback: typeof createRollback;
  readonly createSweep: typeof createSweep;
  readonly createEngine: typeof createEngine;
  readonly createSnsPublisher: typeof createSnsPublisher;
  readonly createGuard: typeof createGuard;
  readonly guardCodecs: typeof guardCodecs;
  readonly defaultConfig: typeof defaultConfig;
  readonly ADAPTERS: typeof ADAPTERS;
  readonly createS3Store: typeof createS3Store;
};

/** Where each export stands; the first edition keeps some elsewhere. */
const PLACES: { readonly [name in keyof Edition]: readonly string[] } = {
  createDetect: ['functions/detect/detect.ts'],
  createRollback: ['functions/rollback/rollback.ts'],
  createSweep: ['functions/sweep/sweep.ts'],
  createEngine: ['shared/checks/index.ts'],
  createSnsPublisher: ['shared/findings/snsPublisher.ts'],
  createGuard: ['shared/guard/guard.ts'],
  guardCodecs: ['shared/guard/stateSchema.ts'],
  defaultConfig: ['shared/runtime/loadConfig.ts'],
  ADAPTERS: ['shared/services/index.ts', 'shared/targets/index.ts'],
  createS3Store: ['shared/store/s3Store.ts'],
};

/** Returns the guard of the checkout in that directory. */
export async function editionOf(directory: string): Promise<Edition> {
  const found = await Promise.all(
    Object.entries(PLACES).map(async ([name, places]) => [name, await exported(directory, name, places)]),
  );
  return Object.fromEntries(found) as Edition; // The names of the table.
}

async function exported(directory: string, name: string, places: readonly string[]): Promise<unknown> {
  for (const place of places) {
    const module = await importIfThere(pathToFileURL(resolve(directory, place)).href);
    if (module !== undefined && name in module) return module[name];
  }
  throw new Error(`\`${directory}\` does not export \`${name}\``);
}

async function importIfThere(url: string): Promise<{ readonly [name: string]: unknown } | undefined> {
  try {
    return (await import(url)) as { readonly [name: string]: unknown };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

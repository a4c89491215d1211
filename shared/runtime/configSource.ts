/**
 * The configuration in a bucket, so that it can be changed without a deployment: read at the first use, looked at again
 * after a minute, taken when it is another one. What cannot be used never replaces what can.
 */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Config } from '../guard/config.ts';
import type { Clock } from '../guard/contract.ts';
import { heldToReach } from './configReach.ts';
import { loadConfig, renderConfigProblem } from './loadConfig.ts';
import type { Logger } from './logger.ts';

type ConfigPlace = { readonly bucket: string; readonly key: string };

type ConfigSourceOptions = ConfigPlace & {
  readonly client: Pick<S3Client, 'send'>;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** There is no configuration that can be used, and there was none before. */
class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  readonly code = 'CONFIG';
}

const INTERVAL_MS = 60_000;

/**
 * Returns a source of the configuration; it hands out the same object until there is another one. It throws
 * `ConfigFault` while it never read a right one: without it the guard would quietly only observe. Later faults are
 * logged, once for each look, and the last right one stays.
 */
export function createConfigSource({
  client,
  bucket,
  key,
  clock,
  logger,
}: ConfigSourceOptions): () => Promise<Config> {
  const place = `s3://${bucket}/${key}`;
  let kept: { readonly config: Config; readonly etag: string | undefined } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<Config> | undefined;

  const look = async (): Promise<Config> => {
    try {
      const { Body, ETag: etag } = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(kept?.etag === undefined ? {} : { IfNoneMatch: kept.etag }),
        }),
      );
      const loaded = loadConfig((await Body?.transformToString('utf-8')) ?? '', place);
      if (!loaded.ok) throw new ConfigFault(loaded.problems.map(renderConfigProblem).join('; '));
      if (kept !== undefined) logger.info('another configuration is used', { place, etag });
      for (const { message, path } of loaded.warnings)
        logger.warn('the configuration is out of date', { place, path, message });
      // The rest of it is right, and a guard that stood still for a list would miss more.
      const held = await heldToReach(loaded);
      if (!held.ok)
        logger.error('the configuration has lists that can never match', {
          place,
          error: held.problems.map(renderConfigProblem).join('; '),
        });
      kept = { config: loaded.config, etag };
      return loaded.config;
    } catch (error) {
      if (kept !== undefined) {
        // The log's metric filter counts these.
        if (!isUnchanged(error))
          logger.error('the configuration cannot be used; the previous one stays in effect', {
            place,
            error: String(error),
          });
        return kept.config;
      }
      if (error instanceof ConfigFault) throw error;
      throw new ConfigFault(`${place} cannot be read; upload the configuration there`, { cause: error });
    }
  };

  return async () => {
    const now = clock.now().getTime();
    if (kept !== undefined && now - lookedAt < INTERVAL_MS) return kept.config;
    looking ??= look().finally(() => {
      lookedAt = now;
      looking = undefined;
    });
    return looking;
  };
}

/** S3 answers 304, which the SDK throws. */
function isUnchanged(error: unknown): boolean {
  const { name, $metadata } = error as {
    readonly name?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  }; // Faults of the SDK carry both.
  return name === 'NotModified' || name === '304' || $metadata?.httpStatusCode === 304;
}

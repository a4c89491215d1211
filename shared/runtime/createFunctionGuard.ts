/** The guard as Lambda functions run it: S3 for memory, a topic and feeds for findings, the account's own clients. */
import { readFileSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { createEngine } from '../checks/index.ts';
import type { Config } from '../guard/config.ts';
import type { Guard } from '../guard/contract.ts';
import { createGuard } from '../guard/guard.ts';
import { guardCodecs } from '../guard/stateSchema.ts';
import { ADAPTERS } from '../services/index.ts';
import { createS3Store } from '../store/s3Store.ts';
import { type ClientsOptions, createClientsFor } from './clients.ts';
import { systemClock } from './clock.ts';
import { createConfigSource } from './configSource.ts';
import { createPublishers } from './createPublishers.ts';
import type { Environment } from './environment.ts';
import { followConfig } from './followConfig.ts';
import { defaultConfig, loadConfig, renderConfigProblem } from './loadConfig.ts';
import type { Logger } from './logger.ts';

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * Returns the guard of a deployed function. With the configuration in a bucket it follows that: each call is carried out
 * under what is right by then. Throws when the configuration beside the bundle is wrong. `solver`: for a function that
 * carries no Z3; absent: as configured.
 */
export function createFunctionGuard(
  environment: Environment,
  logger: Logger,
  { solver }: { readonly solver?: 'atoms' } = {},
): Guard {
  const client = new S3Client({});
  const store = createS3Store({ client, bucket: environment.RATCHET_BUCKET, codecs: guardCodecs });
  const clientsFor = createClientsFor({
    ownAccountId: environment.RATCHET_ACCOUNT_ID,
    ...memberRoleOf(environment),
  });
  const guardUnder = (configured: Config): Guard => {
    // The stack knows its own parts by name; a person could leave one out.
    const config: Config = {
      ...configured,
      ownResources: [
        ...configured.ownResources,
        ...environment.RATCHET_OWN_RESOURCES,
        ...(environment.RATCHET_MEMBER_ROLE === undefined ? [] : OWN_IN_MEMBERS),
      ],
    };
    const { choice, timeoutMs } = config.solver;
    return createGuard({
      store,
      adapters: ADAPTERS,
      clientsFor,
      engine: createEngine({
        solver: solver ?? environment.RATCHET_SOLVER ?? choice,
        timeoutMs,
        linkPrincipal: true,
      }),
      config,
      publishers: createPublishers(environment, config),
      clock: systemClock,
      logger,
      ownActorIds: environment.RATCHET_OWN_ACTOR_IDS,
      wait,
    });
  };
  const place = environment.RATCHET_CONFIG;
  if (place === undefined) return guardUnder(readConfig());
  return followConfig(createConfigSource({ ...place, client, clock: systemClock, logger }), guardUnder);
}

/** What the members' template makes in their accounts; its StackSet's name begins with `ratchet`. */
const OWN_IN_MEMBERS = [
  'arn:*:iam::*:role/ratchet/*',
  'arn:*:iam::*:policy/ratchet/*',
  'arn:*:events:*:*:rule/StackSet-ratchet*',
  'arn:*:cloudformation:*:*:stack/StackSet-ratchet*',
];

function memberRoleOf({
  RATCHET_MEMBER_ROLE: name,
  RATCHET_MEMBER_EXTERNAL_ID: externalId,
}: Environment): Pick<ClientsOptions, 'memberRole'> {
  if (name === undefined) return {};
  return { memberRole: { name, ...(externalId === undefined ? {} : { externalId }) } };
}

/** The file that the packaging step puts beside the bundle; the defaults where there is none. */
function readConfig(): Config {
  let text: string;
  try {
    text = readFileSync(new URL('./ratchet.config.jsonc', import.meta.url), 'utf8');
  } catch (error) {
    // A file that is there and cannot be read must not turn rollback into observe in silence.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return defaultConfig();
    throw error;
  }
  const loaded = loadConfig(text, 'ratchet.config.jsonc');
  if (loaded.ok) return loaded.config;
  throw new Error(loaded.problems.map(renderConfigProblem).join('; '));
}

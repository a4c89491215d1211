/** The guard's neighbours for a replay: a recorded account instead of AWS, a folder instead of S3, the trail's time. */

import { createEngine, type EngineOptions } from '../../shared/checks/index.ts';
import type { FindingPublisher } from '../../shared/findings/publisher.ts';
import type { Config } from '../../shared/guard/config.ts';
import { createGuard } from '../../shared/guard/guard.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createRecordedAccount } from '../../shared/recording/recordedAccount.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { readRecord } from '../../shared/services/readRecord.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';
import { createFilesystemStore } from '../../shared/store/filesystemStore.ts';
import { createAwsManagedPolicies } from './awsManagedPolicies.ts';
import { createPeople, type Told } from './people.ts';
import type { ReplayDependencies } from './runReplay.ts';

type ReplayOptions = {
  readonly folder: string;
  /** False for a folder that is thrown away. */
  readonly durable: boolean;
  readonly config: Config;
  readonly solver: Required<Pick<EngineOptions, 'solver' | 'timeoutMs'>>;
  readonly publisher: FindingPublisher;
  /** What people would have been told is noted here. */
  readonly told: Told[];
  /** Documents of AWS's managed policies by ARN. Absent: those that were built in. */
  readonly managedPolicy?: (arn: string) => string | undefined;
};

/** The role in whose name rollbacks are carried out in the recorded account. */
const GUARD_ID = 'AROARATCHETREPLAYGUARD';
const GUARD_IDENTITY = {
  type: 'AssumedRole',
  principalId: `${GUARD_ID}:replay`,
  arn: 'arn:aws:sts::111122223333:assumed-role/ratchet-rollback/replay',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: GUARD_ID,
      arn: 'arn:aws:iam::111122223333:role/ratchet-rollback',
      userName: 'ratchet-rollback',
    },
  },
};

type OpenReplay = {
  readonly world: Pick<ReplayDependencies, 'account' | 'guard' | 'setTime'>;
  /** Ends the solvers. */
  close(): Promise<void>;
};

/** Returns a guard in a world that begins empty, or with what the folder remembers. */
export function openReplay(options: ReplayOptions): OpenReplay {
  const { folder, durable, config, solver, publisher, told } = options;
  let time = 0;
  let writes: unknown[] = [];
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    managedPolicy: options.managedPolicy ?? createAwsManagedPolicies(),
    actor: GUARD_IDENTITY,
    onWrite: ({ record }) => writes.push(record),
  });
  const engine = createEngine({ ...solver, linkPrincipal: true });
  const guard = createGuard({
    store: createFilesystemStore({ folder, codecs: guardCodecs, durable }),
    adapters: ADAPTERS,
    clientsFor: account.clientsFor,
    engine,
    config,
    publishers: [publisher, createPeople(told, () => new Date(time))],
    clock: { now: () => new Date(time) },
    logger: silentLogger,
    ownActorIds: [GUARD_ID],
    readRecord,
  });
  return {
    world: {
      account: {
        applyRecord: (record) => account.applyRecord(record),
        takeWrites() {
          const taken = writes;
          writes = [];
          return taken;
        },
      },
      guard,
      setTime(milliseconds) {
        time = milliseconds;
      },
    },
    close: () => engine.close(),
  };
}

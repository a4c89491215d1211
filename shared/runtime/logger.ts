/** The loggers that functions, desks and tests use. */
import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Logger } from '../guard/contract.ts';

export type { Logger } from '../guard/contract.ts';

/** Logs nothing. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

/** Returns a logger that writes JSON lines; the level comes from the environment, as Powertools reads it. */
export function createLogger(serviceName: string): Logger {
  const logger = new PowertoolsLogger({ serviceName });
  return {
    info: (message, facts = {}) => logger.info(message, facts),
    warn: (message, facts = {}) => logger.warn(message, facts),
    error: (message, facts = {}) => logger.error(message, facts),
  };
}

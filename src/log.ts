import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/** One JSON object per line on stdout; for people only where one is watching. */
export const createLog = (): Logger =>
  process.stdout.isTTY ? pino(pretty({ ignore: 'pid,hostname', sync: true })) : pino({ base: null });

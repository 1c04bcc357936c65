/** Where Redis' server is; see system-program.mjs. As a program, prints the path. */
import { findProgram, printWhenRun } from './system-program.mjs';

export const findRedisServer = () =>
  findProgram({
    title: 'Redis',
    variable: 'REDIS_SERVER',
    names: ['redis-server', 'valkey-server'],
    packages: ['redis-server'],
  });

printWhenRun(import.meta.url, findRedisServer);

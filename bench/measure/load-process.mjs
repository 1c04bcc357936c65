import { once } from 'node:events';
import { CORES, start, stop } from './processes.mjs';

const PROGRAM = new URL('./load.mjs', import.meta.url).pathname;

/** Starts the load's process; `run` rejects with what went wrong there. */
export function startLoad(facts) {
  const child = start(CORES.rest, [PROGRAM], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send({ facts });
  return {
    run: async (task) => {
      child.send(task);
      const [result] = await once(child, 'message');
      if (result.error) throw new Error(result.error);
      return result;
    },
    stop: () => stop(child),
  };
}

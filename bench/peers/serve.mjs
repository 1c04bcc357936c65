/** One peer as a process: `node peers/serve.mjs MODULE WORLD_FILE PORT [OPTIONS]`, the last one as JSON. */
import { readFileSync } from 'node:fs';

const [module, worldFile, port, options = '{}'] = process.argv.slice(2);
const { start } = await import(new URL(`${module}.mjs`, import.meta.url));
await start(JSON.parse(readFileSync(worldFile, 'utf8')), Number(port), JSON.parse(options));

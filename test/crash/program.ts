import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Emulators } from '../../src/emulators/start';
import { AUDIENCE, createSigner, ISSUER, seconds } from '../support/tokens';

const ROOT = resolve(__dirname, '..', '..');

/** Compiles the program into a folder of its own, so that no other build gets in its way; gives its main file. */
export async function buildProgram(folder: string): Promise<string> {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(ROOT, 'schema'), join(folder, 'schema'), { recursive: true });
  const out = join(folder, 'dist');
  // Types are checked elsewhere; what is emitted is the same.
  const compiler = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
      ...['-p', 'tsconfig.build.json', '--outDir', out, '--noCheck', '--sourceMap', 'false'],
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said: Buffer[] = [];
  compiler.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(compiler, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the program does not compile:\n${Buffer.concat(said).toString()}`);
  return join(out, 'main.js');
}

/** What a configuration file of the program under test says. */
export interface ProgramConfig {
  readonly emulators: Emulators;
  /** As `storage:` in rollcall.yaml. */
  readonly storage: string;
  readonly limits?: Readonly<Record<string, string | number>>;
}

/** A configuration file, and a token that it lets do everything. */
export interface Written {
  readonly file: string;
  readonly token: string;
}

/** Writes a rollcall.yaml over running vendors; JSON is YAML. */
export async function writeConfig(
  folder: string,
  { emulators, storage, limits = {} }: ProgramConfig,
): Promise<Written> {
  const file = join(folder, 'rollcall.yaml');
  const { vendors, accounts } = emulators;
  // The page's files are not compiled with the rest.
  const server = { host: '127.0.0.1', port: 0, landingPage: false };
  const signer = await createSigner('crash');
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
  const auth = { issuer: ISSUER, audience: AUDIENCE, jwksFile: 'keys.json' };
  writeFileSync(file, JSON.stringify({ server, auth, storage, limits, vendors, accounts }));
  const [tenant] = accounts.map((account) => account.tenant);
  return { file, token: await signer.sign({ tenant, exp: seconds(6 * 3600) }) };
}

/** The program, in its own process. */
export interface Program {
  /** Its GraphQL endpoint, once it is ready. */
  readonly url: Promise<string>;
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
  /** What it logged as an error, or wrote without being asked. */
  readonly errors: readonly string[];
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the program; `aheadMs` is by how much its wall clock is ahead; negative: behind. */
export function startProgram(main: string, config: string, aheadMs = 0): Program {
  const child = spawn(
    process.execPath,
    [
      '--require',
      join(__dirname, '..', 'support', 'preload', 'exit-with-parent.cjs'),
      main,
      '--config',
      config,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, TEST_CLOCK_AHEAD_MS: String(aheadMs) } },
  );
  running.add(child);
  const gone = once(child, 'exit').then(() => running.delete(child));
  // A process that was killed while it starts takes nothing more on its standard input.
  child.stdin.on('error', () => undefined);
  const errors: string[] = [];
  createInterface(child.stderr).on('line', (line) => errors.push(line));

  const url = new Promise<string>((found, failed) => {
    createInterface(child.stdout).on('line', (line) => {
      const { msg, url, level } = readLog(line);
      if (msg === 'ready' && url !== undefined) found(url);
      if (level >= 50) errors.push(line);
    });
    void gone.then(() => {
      failed(new Error(`the program has ended: ${errors.join('\n')}`));
    });
  });
  // Whoever kills it while it starts does not ask for its address.
  url.catch(() => undefined);

  return {
    url,
    errors,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function readLog(line: string): { msg?: string; url?: string; level: number } {
  try {
    return JSON.parse(line) as { msg?: string; url?: string; level: number };
  } catch {
    return { level: 60 };
  }
}

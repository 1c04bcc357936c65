import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { parseCommandLine, UsageError } from '../../src/cli/command-line';
import { startProcess } from '../support/process';

const ROOT = resolve(__dirname, '..', '..');
const VERSION = /^rollcall \d+\.\d+\.\d+$/;

/** Every program that a person starts, as npm starts it. */
const PROGRAMS = [
  'dist/main.js',
  'dist/emulators/main.js',
  'scripts/token.mjs',
  'scripts/print-schema.mjs',
  'scripts/check-schema.mjs',
  'scripts/operations-manifest.mjs',
  'scripts/examples.mjs',
  'scripts/complete-lock.mjs',
  'scripts/prove-container.mjs',
  'examples/invite-desk/start.mjs',
  'examples/invite-desk/screenshots.mjs',
];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]): Promise<Ended> =>
  promisify(execFile)(process.execPath, args, { cwd: ROOT }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (failure: unknown) => {
      const { code, stdout, stderr } = failure as Ended;
      return { code, stdout, stderr };
    },
  );

describe('the command line', () => {
  it.each(PROGRAMS)(
    '%s explains itself, and refuses a typo in one line',
    async (program) => {
      const [help, typo] = await Promise.all([run(program, '--help'), run(program, '--versoin=SECRET')]);
      expect([help.code, help.stderr]).toEqual([0, '']);
      expect(help.stdout).toMatch(/^Usage: npm .*--help.*--version/s);
      expect(typo).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Unknown option --versoin. Did you mean --version? See --help.\n',
      });
    },
    120_000,
  );

  it('names the version', async () => {
    for (const flag of ['--version', '-v'])
      expect((await run('dist/emulators/main.js', flag)).stdout.trim()).toMatch(VERSION);
  });

  it.each([
    [['--prot', '4100'], 'Unknown option --prot. Did you mean --port?'],
    [['--cors-orgin=x'], 'Unknown option --cors-orgin. Did you mean --cors-origin?'],
    [['--something-else'], 'Unknown option --something-else.'],
    [['--port'], '--port needs a value.'],
    [['--port', '--check'], '--port needs a value.'],
    [['--check=yes'], '--check takes no value.'],
    [['SECRET'], 'Unexpected argument: only options, which begin with --, are understood here.'],
  ])('refuses %j in one line that quotes no value', (args, problem) => {
    const options = {
      port: { type: 'string' },
      check: { type: 'boolean' },
      'cors-origin': { type: 'string', multiple: true },
    } as const;
    expect(() => parseCommandLine({ options }, args)).toThrow(new UsageError(problem));
  });

  it.each([
    [['--port', '70000'], /^--port must be a whole number from 0 to 65535\./],
    [['--connect'], /^--connect needs --check\./],
    [['--cors-origin', 'localhost:5173'], /^--cors-origin must be an origin such as/],
  ])('refuses the values of %j', async (args, problem) => {
    const { code, stdout, stderr } = await run('dist/main.js', ...args);
    expect([code, stdout, stderr.split('\n').length]).toEqual([1, '', 2]);
    expect(stderr).toMatch(problem);
  });

  it.each([
    [
      ['--host', '192.0.2.1'],
      /^The host is not an address of this machine \(EADDRNOTAVAIL\); choose another with --host/,
    ],
    [['--host', 'no-such-host.invalid'], /^The host (is not a known host name|cannot be looked up)/],
  ])('says why it cannot listen with %j', async (args, problem) => {
    const { code, stderr } = await run('dist/main.js', '--port', '0', ...args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(problem) as string]);
  });

  it('says that a port is in use', async () => {
    const taken = createServer().listen(0, 'localhost');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await run('dist/main.js', '--port', String(port));
    taken.close();
    expect([code, stderr]).toEqual([
      1,
      `Port ${port} is in use; choose another with --port or server.port.\n`,
    ]);
  });
});

describe('the demo without a terminal', () => {
  it('prints JSON lines on stdout, and on stderr a curl command that a shell can run', async () => {
    const demo = startProcess(['--port', '0', '--cors-origin', 'http://frontend.test']);
    const { endpoint, emulators } = await demo.logged({ msg: 'demo' });
    expect(Object.keys(emulators as object)).toEqual(['ecwid', 'softwareone', 'wix']);
    const curl = /^example: (curl .*)$/m.exec(demo.stderr.join('\n'))?.[1] ?? '';
    // A shell takes it apart; curl itself may not be installed.
    const { stdout } = await promisify(execFile)('sh', ['-c', curl.replace(/^curl/, "printf '%s\\n'")]);
    const [silent, url, header, type, data, body] = stdout.split('\n');
    expect([silent, url, header, type, data]).toEqual([
      '-s',
      endpoint,
      '-H',
      'content-type: application/json',
      '-d',
    ]);
    const asked = await fetch(String(url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body ?? '',
    });
    expect(await asked.json()).toMatchObject({ data: { staffMembers: { nodes: { length: 5 } } } });

    const headers = { origin: 'http://frontend.test' };
    const answer = await fetch(`${String(endpoint)}?query={__typename}`, { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://frontend.test');
    demo.signal('SIGTERM');
    expect(await demo.ended).toBe(0);
    for (const line of demo.stdout)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) as number });
  });
});

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('shuts down gracefully when npm gets %s', async (signal) => {
    // As npm runs it, without the compilation before it.
    const npm = spawn('npm', ['start', '--ignore-scripts', '--silent', '--', '--port', '0'], {
      cwd: ROOT,
      stdio: 'pipe',
    });
    const seen: string[] = [];
    const lines = createInterface(npm.stdout);
    await new Promise<void>((done) => {
      lines.on('line', (line) => {
        seen.push(line);
        if (line.includes('"ready"')) done();
      });
    });
    npm.kill(signal);
    await once(npm, 'close');
    expect(seen.map((line) => JSON.parse(line) as { msg: string; signal?: string })).toContainEqual(
      expect.objectContaining({ msg: 'stopping', signal }),
    );
  });
});

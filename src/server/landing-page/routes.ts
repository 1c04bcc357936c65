import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Example, readExamples } from './examples';

const SANDBOX_SCRIPT = 'https://embeddable-sandbox.cdn.apollographql.com';
const SANDBOX_FRAME = 'https://sandbox.embed.apollographql.com';

/** What a page may load. Sandbox is a script that opens a frame; whatever it asks goes through the page itself. */
const PAGE_POLICY = policy({
  'script-src': `'self' ${SANDBOX_SCRIPT}`,
  'frame-src': `'self' ${SANDBOX_FRAME}`,
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'frame-ancestors': "'none'",
});

/** The bundled explorer reaches nobody but us. Its editor makes its styles as it goes. */
const BUNDLED_POLICY = policy({
  'script-src': "'self'",
  'worker-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'self'",
  'frame-ancestors': "'self'",
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** `GET /`: Apollo Sandbox, or the bundled explorer where Sandbox cannot be loaded, with the example operations. */
export function layLandingPage(http: FastifyInstance): void {
  const page = join(__dirname, 'page');
  // Read for the first visitor: most processes have none.
  let examples: readonly Example[] | undefined;
  let altair: ReadonlyMap<string, string> | undefined;
  http.get('/', (_request, reply) => sendPage(reply, join(page, 'index.html'), PAGE_POLICY));
  http.get('/explorer/bundled.html', (_request, reply) =>
    sendPage(reply, join(page, 'bundled.html'), BUNDLED_POLICY),
  );
  http.get('/explorer/examples.json', (_request, reply) => reply.send((examples ??= readExamples())));
  for (const file of ['explorer.css', 'explorer.js', 'bundled.js', 'token.js', 'icon.svg'])
    http.get(`/explorer/${file}`, (_request, reply) => sendFile(reply, join(page, file)));

  // A closed list: no path of a request is ever looked for on the disk.
  http.get<{ Params: { '*': string } }>('/explorer/altair/*', ({ params }, reply) => {
    const file = (altair ??= altairFiles()).get(params['*']);
    if (file === undefined) reply.callNotFound();
    else if (params['*'].startsWith('assets/i18n/') && file.endsWith('.json'))
      reply.header('cache-control', 'max-age=300').send(withOurGreeting(file));
    else sendFile(reply.header('cache-control', 'max-age=300'), file);
  });
}

/** Altair's words in one language. What it says before the first answer is a joke about another program: ours stands there. */
const withOurGreeting = (file: string): object => ({
  ...(JSON.parse(readFileSync(file, 'utf8')) as object),
  QUERY_RESULT_NO_RESULT_TEXT: 'Press Send Request: the answer of Rollcall appears here.',
});

/** Altair's own files by their path. Its frame for scripts of its users is left out: our policy would not let them run. */
function altairFiles(): ReadonlyMap<string, string> {
  const folder = join(dirname(require.resolve('altair-static')), 'dist');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .map((file) => [file.replaceAll('\\', '/'), join(folder, file)] as const)
      .filter(([path]) => extname(path) in TYPES && !path.startsWith('iframe-sandbox/')),
  );
}

const sendPage = (reply: FastifyReply, file: string, contentPolicy: string): FastifyReply =>
  reply
    .headers({ 'content-security-policy': contentPolicy, 'referrer-policy': 'no-referrer' })
    .type(TYPES['.html'] ?? '')
    .send(readFileSync(file));

/** Also a page that is opened by itself, or a script that a worker starts, is under the policy. */
const sendFile = (reply: FastifyReply, file: string): FastifyReply =>
  reply
    .headers({ 'content-security-policy': BUNDLED_POLICY, 'referrer-policy': 'no-referrer' })
    .type(TYPES[extname(file)] ?? '')
    .send(createReadStream(file));

function policy(rules: Readonly<Record<string, string>>): string {
  const all = { 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'", ...rules };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

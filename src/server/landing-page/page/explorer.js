import { keepToken, readToken, withToken } from './token.js';

/**
 * Decides which explorer is shown: Apollo Sandbox once its frame has spoken, the bundled one where Sandbox cannot be
 * loaded in time. Neither is seen before that. `?explorer=bundled` asks no other host; `?explorer=sandbox` has patience.
 */
const SANDBOX = 'https://sandbox.embed.apollographql.com';
const SCRIPT_MS = 3000;
const FRAME_MS = 10_000;

const stage = document.getElementById('stage');
const select = document.getElementById('example');
const status = document.getElementById('status');
const other = document.getElementById('other');
const token = document.getElementById('token');

const asked = new URLSearchParams(location.search);
const wanted = asked.get('explorer');
const examples = await (await fetch('explorer/examples.json')).json();
const example = examples.find(({ name }) => name === asked.get('example')) ?? examples[0];

listExamples();
void askForToken();
offerTheOther(wanted ?? 'sandbox', wanted);
const shown = await open();
offerTheOther(shown, shown === 'bundled' ? shown : wanted);

/** Opens the example in the explorer that is wanted and can be had; tells which one that is. */
async function open() {
  if (wanted === 'bundled') return showBundled();
  try {
    return await showSandbox();
  } catch (error) {
    console.warn('Apollo Sandbox:', error.message);
    status.textContent = 'Apollo Sandbox cannot be loaded.';
    return showBundled();
  }
}

function showBundled() {
  const frame = document.createElement('iframe');
  frame.title = 'Bundled explorer';
  frame.src = `explorer/bundled.html?example=${example.name}`;
  stage.replaceChildren(frame);
  stage.classList.remove('hidden');
  return 'bundled';
}

async function showSandbox() {
  status.textContent = 'Loading Apollo Sandbox …';
  await within(SCRIPT_MS, load(stage.dataset.sandbox));
  const spoken = frameSpeaks();
  new window.EmbeddedSandbox({
    target: '#stage',
    initialEndpoint: new URL('graphql', location.href).href,
    initialState: {
      document: example.document,
      variables: example.variables,
      pollForSchemaUpdates: false,
    },
    // The token stays on this page: what Sandbox is told travels to its host.
    handleRequest: (url, options) => fetch(url, withToken(options)),
    endpointIsEditable: false,
    allowDynamicStyles: false,
    runTelemetry: false,
  });
  await within(FRAME_MS, spoken);
  status.textContent = '';
  stage.classList.remove('hidden');
  return 'sandbox';
}

/** Resolves with the first message of Sandbox's frame: a frame that could not be loaded is silent. */
function frameSpeaks() {
  return new Promise((resolve) => {
    window.addEventListener('message', function hear({ origin }) {
      if (origin !== SANDBOX) return;
      window.removeEventListener('message', hear);
      resolve();
    });
  });
}

function load(src) {
  return new Promise((resolve, reject) => {
    const onerror = () => reject(new Error(`${src} cannot be loaded`));
    document.head.append(Object.assign(document.createElement('script'), { src, onload: resolve, onerror }));
  });
}

function within(ms, promise) {
  if (wanted === 'sandbox') return promise;
  const late = new Promise((_, reject) => setTimeout(reject, ms, new Error(`nothing came within ${ms} ms`)));
  return Promise.race([promise, late]);
}

function listExamples() {
  for (const [kind, label] of Object.entries({ query: 'Queries', mutation: 'Mutations' })) {
    const group = Object.assign(document.createElement('optgroup'), { label });
    group.append(
      ...examples.filter((each) => each.kind === kind).map(({ name, title }) => new Option(title, name)),
    );
    select.append(group);
  }
  select.value = example.name;
}

/** Offers a field for the token where the server turns away whoever has none. */
async function askForToken() {
  token.value = readToken();
  token.onchange = () => {
    keepToken(token.value.trim());
    location.reload();
  };
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch('graphql', { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
  token.parentElement.hidden = status !== 401;
}

/** Sets the way to the other explorer and to other examples; those open in `kept`, or in whichever can be had. */
function offerTheOther(current, kept) {
  other.textContent = current === 'bundled' ? 'Apollo Sandbox' : 'Bundled explorer';
  other.href = addressOf(current === 'bundled' ? 'sandbox' : 'bundled', example.name);
  // A page of its own for each example: nothing of the last one, such as a listener of Sandbox, stays behind.
  select.onchange = () => location.replace(addressOf(kept, select.value));
}

/** This page with an explorer, if one is named, and an example. */
function addressOf(explorer, name) {
  return `?${new URLSearchParams({ ...(explorer && { explorer }), example: name })}`;
}

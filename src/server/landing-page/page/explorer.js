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

const asked = new URLSearchParams(location.search);
const wanted = asked.get('explorer');
const examples = await (await fetch('explorer/examples.json')).json();

listExamples();
let show = wanted === 'bundled' ? showBundled : showSandbox;
await open();
select.addEventListener('change', open);

/** Opens the chosen example; where Sandbox fails at that, the bundled explorer takes over for good. */
async function open() {
  const example = examples.find(({ name }) => name === select.value);
  try {
    await show(example);
  } catch (error) {
    console.warn('Apollo Sandbox:', error.message);
    show = showBundled;
    showBundled(example);
    status.textContent = 'Apollo Sandbox cannot be loaded.';
  }
  const isBundled = show === showBundled;
  other.textContent = isBundled ? 'Apollo Sandbox' : 'Bundled explorer';
  other.href = addressOf(isBundled ? 'sandbox' : 'bundled');
  if (wanted || asked.has('example') || select.selectedIndex > 0)
    history.replaceState(null, '', addressOf(wanted));
}

function showBundled({ name }) {
  const frame = document.createElement('iframe');
  frame.title = 'Bundled explorer';
  frame.src = `explorer/bundled.html?example=${name}`;
  stage.replaceChildren(frame);
  stage.classList.remove('hidden');
}

async function showSandbox({ document: text, variables }) {
  status.textContent = 'Loading Apollo Sandbox …';
  stage.classList.add('hidden');
  stage.replaceChildren();
  if (!window.EmbeddedSandbox) await within(SCRIPT_MS, load(stage.dataset.sandbox));
  const spoken = frameSpeaks();
  new window.EmbeddedSandbox({
    target: '#stage',
    initialEndpoint: new URL('graphql', location.href).href,
    initialState: { document: text, variables, pollForSchemaUpdates: false },
    endpointIsEditable: false,
    allowDynamicStyles: false,
    runTelemetry: false,
  });
  await within(FRAME_MS, spoken);
  status.textContent = '';
  stage.classList.remove('hidden');
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
  const named = examples.find(({ name }) => name === asked.get('example'));
  select.value = (named ?? examples[0]).name;
}

/** This page with an explorer, if one is named, and the chosen example. */
function addressOf(explorer) {
  return `?${new URLSearchParams({ ...(explorer && { explorer }), example: select.value })}`;
}

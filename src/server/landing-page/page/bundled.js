import { withToken } from './token.js';

/** Starts Altair, the bundled explorer, with one example. Each example keeps its own edits and history in this browser. */
const examples = await (await fetch(new URL('../examples.json', document.baseURI))).json();
const wanted = new URLSearchParams(location.search).get('example');
const example = examples.find(({ name }) => name === wanted) ?? examples[0];

const endpoint = new URL('../../graphql', document.baseURI).href;

// Altair keeps its headers in the browser's database, where no token belongs: it is put on as the request leaves.
const send = window.fetch;
window.fetch = (target, options) => send(target, target === endpoint ? withToken(options) : options);

window.AltairGraphQL.init({
  endpointURL: endpoint,
  initialName: example.title,
  initialQuery: example.document,
  initialVariables: JSON.stringify(example.variables, null, 2),
  instanceStorageNamespace: `rollcall-${example.name}-`,
  // Nothing that would ask another host, and nothing that only makes sense on Altair's own site.
  disableAccount: true,
  initialSettings: {
    'banners.disable': true,
    'alert.disableUpdateNotification': true,
    disablePushNotification: true,
  },
});

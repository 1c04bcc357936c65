/** `GET /` outside production: Apollo Sandbox, and without internet a plain page that can ask. */
export const landingPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollcall</title>
<style>
  html, body, #sandbox { height: 100%; margin: 0; }
  #plain { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
  #plain textarea { width: 100%; height: 14rem; font: 14px/1.4 monospace; box-sizing: border-box; }
  #plain pre { background: #f4f4f5; color: #18181b; padding: 1rem; overflow: auto; min-height: 4rem; }
  #plain button { font: inherit; padding: .4rem 1.2rem; }
</style>
</head>
<body>
<div id="sandbox" hidden></div>
<main id="plain">
  <h1>Rollcall</h1>
  <p>The GraphQL endpoint is <code>/graphql</code>. Apollo Sandbox opens here when it can be loaded.</p>
  <form>
    <label for="query">Query</label>
    <textarea id="query" spellcheck="false">query Staff {
  staffMembers(first: 5) {
    nodes { name email status account { id vendor } invite { id status expiresAt } }
    sources { account { id } state }
  }
}</textarea>
    <p><button>Run</button></p>
  </form>
  <pre id="answer" aria-live="polite"></pre>
</main>
<script>
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = document.getElementById('answer');
    try {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: document.getElementById('query').value }),
      });
      answer.textContent = JSON.stringify(await response.json(), null, 2);
    } catch (error) {
      answer.textContent = String(error);
    }
  });
  const script = document.createElement('script');
  script.src = 'https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js';
  script.onload = () => {
    document.getElementById('plain').hidden = true;
    document.getElementById('sandbox').hidden = false;
    new window.EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: location.origin + '/graphql',
      initialState: { document: document.getElementById('query').value, pollForSchemaUpdates: false },
    });
  };
  document.head.append(script);
</script>
</body>
</html>
`;

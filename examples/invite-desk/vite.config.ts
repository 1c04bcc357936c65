import react from '@vitejs/plugin-react';
import { defineConfig, type ProxyOptions } from 'vite';

/**
 * The browser talks to the desk's own origin, and the server behind it passes `/graphql` on to Rollcall: no CORS, and a
 * token (`ROLLCALL_TOKEN`) that no browser ever sees. `VITE_ENDPOINT` at build time makes the browser ask elsewhere.
 */
const { ROLLCALL_ENDPOINT = 'http://localhost:4000/graphql', ROLLCALL_TOKEN } = process.env;

const endpoint = new URL(ROLLCALL_ENDPOINT);
const proxy: Record<string, ProxyOptions> = {
  '/graphql': {
    target: endpoint.origin,
    changeOrigin: true,
    rewrite: () => `${endpoint.pathname}${endpoint.search}`,
    ...(ROLLCALL_TOKEN ? { headers: { authorization: `Bearer ${ROLLCALL_TOKEN}` } } : {}),
  },
};

const port = 4173;

export default defineConfig({
  plugins: [react()],
  build: { target: 'baseline-widely-available' },
  server: { port, proxy },
  preview: { port, strictPort: true, proxy },
});

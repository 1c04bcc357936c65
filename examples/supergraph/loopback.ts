import { isIP } from 'node:net';

/** Whether an `Origin` header is that of a page of this machine: localhost, 127.0.0.0/8 or [::1], on any port. */
export function isLoopbackOrigin(origin: string | null | undefined): origin is string {
  if (!origin || !URL.canParse(origin)) return false;
  const { origin: parsed, protocol, hostname } = new URL(origin);
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
  return parsed === origin && /^https?:$/.test(protocol) && isLoopback;
}

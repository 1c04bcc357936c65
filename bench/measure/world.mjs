/** The emulated vendors as a process of their own, and what is known about their world. */
import { parse } from 'yaml';
import { createVendors } from '../peers/vendors.mjs';
import { CORES, start, stop } from './processes.mjs';

const PROGRAM = new URL('../../dist/emulators/main.js', import.meta.url).pathname;

/**
 * @typedef {object} World
 * @property {{key: string, vendor: string}[]} accounts As under `accounts:` in rollcall.yaml.
 * @property {Record<string, {baseUrl: string}>} vendors As under `vendors:`.
 */

/** Starts the vendors; `ports` is the first of three. */
export async function startWorld({ accounts, staffPerAccount }, latencyMs, ports) {
  const flags = {
    accounts,
    'staff-per-account': staffPerAccount,
    'latency-ms': latencyMs,
    'ecwid-port': ports,
    'softwareone-port': ports + 1,
    'wix-port': ports + 2,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = start(CORES.rest, [PROGRAM, ...args, '--print-config'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = await firstOutput(child, (text) => text.endsWith('\n') && text.includes('\naccounts:'));
  const world = parse(printed.slice(printed.indexOf('\n') + 1));
  const sideDoors = [ports, ports + 1, ports + 2].map((port) => `http://127.0.0.1:${port}/__emulator`);
  return { world, sideDoors, child, stop: () => stop(child) };
}

/** What a process prints up to the point where that is complete. */
function firstOutput(child, isComplete) {
  return new Promise((resolve, reject) => {
    let text = '';
    let quiet;
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      clearTimeout(quiet);
      // One piece after another: nothing marks the last.
      if (isComplete(text)) quiet = setTimeout(resolve, 200, text);
    });
    child.on('exit', (code) => reject(new Error(`The vendors ended with ${code}.`)));
  });
}

/**
 * The ids that operations are about: accounts with their staff, and all pending invites of these. Vendors take turns, so
 * that any few operations in a row are of all three.
 * @param {number} [most] How many accounts, evenly from all.
 */
export async function factsOf(world, most = Infinity) {
  const vendors = createVendors(world, { lean: true });
  const every = Math.max(1, Math.floor(vendors.accounts.length / most));
  const accounts = [];
  for (const account of vendors.accounts.filter((_, index) => index % every === 0)) {
    const rows = await vendors.staffList(account, 50);
    const pending = rows.filter(({ invite }) => invite?.status === 'PENDING').map(({ invite }) => invite.id);
    accounts.push({ key: account.id, staff: rows.map(({ id }) => id), pending });
  }
  const byVendor = ['ecwid', 'softwareone', 'wix'].map((vendor) =>
    accounts.filter(({ key }) => key.startsWith(vendor)),
  );
  const inTurn = takingTurns(byVendor);
  return { accounts: inTurn, pending: takingTurns(inTurn.map(({ pending }) => pending)) };
}

/** The first of each list, then the second of each, and so on: neighbours in a list stay far from each other. */
function takingTurns(lists) {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  ).flat();
}

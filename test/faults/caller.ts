import { request } from 'node:http';
import type { Rollcall } from '../support/start';

/** Somebody who asks over a connection of their own, and may hang up. */
export interface Caller {
  /** The body of the answer; `left` for who hung up before. */
  readonly answer: Promise<string>;
  leave(): void;
}

/** Asks for the staff of one account. */
export function call(
  rollcall: Pick<Rollcall, 'app'>,
  account: string,
  headers: Readonly<Record<string, string>> = {},
): Caller {
  const query = `{
    staffMembers(first: 1, filter: { accountIds: ["${account}"] }) { nodes { id } sources { state code } }
  }`;
  const asked = request(rollcall.app.url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answer = new Promise<string>((resolve) => {
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        resolve(body);
      });
    });
    asked.on('error', () => {
      resolve('left');
    });
  });
  asked.end(JSON.stringify({ query }));
  return {
    answer,
    leave: () => {
      asked.destroy();
    },
  };
}

import { hex } from '../seeded';
import { Refused, type Answer } from '../shell/vendor';

/** Answers in the problem-details form, each with a trace id of its own. */
export interface Problems {
  /** A status with nothing to say but itself. */
  readonly plain: (status: number) => Answer;
  readonly detailed: (status: number, detail: string) => Answer;
  /** Query and validation mistakes, by the path at fault. */
  readonly invalid: (errors: Readonly<Record<string, readonly string[]>>) => Answer;
  /** A rule of the accounts area; the real codes are unknown. */
  readonly ruled: (title: string, detail: string, properties: readonly string[]) => Answer;
}

/** Trace ids count up, so that two runs are equal to the byte. */
export function createProblems(): Problems {
  let count = 0;

  function problem(status: number, more: Readonly<Record<string, unknown>> = {}): Answer {
    count += 1;
    const traceId = `00-${hex(`trace ${count}`, 32)}-${hex(`span ${count}`, 16)}-00`;
    const [title, section] = titles[status] ?? ['Error', '15.6'];
    const type = `https://tools.ietf.org/html/rfc9110#section-${section}`;
    const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
    return { status, headers, body: { type, title, status, ...more, traceId } };
  }

  return {
    plain: (status) => problem(status),
    detailed: (status, detail) => problem(status, { detail }),
    invalid: (errors) => problem(400, { detail: 'One or more validation errors occurred.', errors }),
    ruled: (title, detail, properties) =>
      problem(400, {
        type: 'https://docs.platform.softwareone.com/developer-resources/rest-api/errors/accounts#MPTACC00-0000',
        title,
        detail,
        errors: [{ message: detail, properties }],
      }),
  };
}

const titles: Readonly<Record<number, readonly [title: string, section: string]>> = {
  400: ['Bad Request', '15.5.1'],
  401: ['Unauthorized', '15.5.2'],
  403: ['Forbidden', '15.5.4'],
  404: ['Not Found', '15.5.5'],
  408: ['Request Timeout', '15.5.9'],
  409: ['Conflict', '15.5.10'],
  415: ['Unsupported Media Type', '15.5.16'],
  429: ['Too Many Requests', '15.5'],
  500: ['Internal Server Error', '15.6.1'],
  501: ['Not Implemented', '15.6.2'],
  503: ['Service Unavailable', '15.6.4'],
  504: ['Gateway Timeout', '15.6.5'],
};

/** A mistake in a query, found anywhere below; the listing turns it into a 400 that names the path. */
export class QueryMistake extends Error {
  override readonly name = 'QueryMistake';

  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

/** Runs what reads a query, and refuses with its mistake. */
export function refusingMistakes<T>(problems: Problems, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof QueryMistake)) throw error;
    throw new Refused(problems.invalid({ [error.path]: [error.message] }));
  }
}

import type { Answer } from '../shell/vendor';

/** How Ecwid says no; its body may lack everything but the message. */
export const failure = (status: number, errorCode: string, errorMessage: string): Answer => ({
  status,
  body: { errorMessage, errorCode },
});

/** The documented code of a status; 401 and 403 come with a body of zero length, as measured. */
export function plainFailure(status: number): Answer {
  if (status === 401 || status === 403) return { status };
  const errorCode = codes[status] ?? 'INTERNAL_ERROR';
  return failure(status, errorCode, errorCode.toLowerCase().replaceAll('_', ' '));
}

const codes: Readonly<Record<number, string>> = {
  400: 'WRONG_PARAMETER',
  402: 'NOT_AVAILABLE_ON_CURRENT_PLAN',
  404: 'STORE_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'TIMEOUT',
  409: 'CONSTRAINT_VIOLATION',
  429: 'RATE_LIMITED',
};

/** A parameter Ecwid does not take. */
export const wrongParameter = (message: string): Answer => failure(400, 'WRONG_PARAMETER', message);

import type { Answer } from '../shell/vendor';

/** A business refusal in the documented shape; `data` is there even when empty. */
export const applicationError = (status: number, code: string, description: string): Answer => ({
  status,
  body: { message: description, details: { applicationError: { code, description, data: {} } } },
});

/** Bad input in the documented shape. */
export const validationError = (field: string, description: string): Answer => ({
  status: 400,
  body: {
    message: 'INVALID_ARGUMENT',
    details: {
      validationError: {
        fieldViolations: [{ field, description, violatedRule: 'OTHER', ruleName: 'INVALID', data: {} }],
      },
    },
  },
});

/** No credential, or one nobody knows. */
export const unauthenticated = (): Answer => applicationError(401, 'UNAUTHENTICATED', 'Unauthenticated');

/** A credential of somebody else. The description is blank, as is reported of Wix. */
export const permissionDenied = (): Answer => applicationError(403, 'PERMISSION_DENIED', '');

/** A system error has empty details on purpose; the others carry their standard code. */
export function plainFailure(status: number): Answer {
  if (status === 401) return unauthenticated();
  if (status === 403) return permissionDenied();
  const code = codes[status];
  return code === undefined
    ? { status, body: { message: 'System error', details: {} } }
    : applicationError(status, code, code.toLowerCase().replaceAll('_', ' '));
}

const codes: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  428: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
};

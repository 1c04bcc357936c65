const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'this user has no right to',
  EPERM: 'this user has no right to',
  EISDIR: 'it is a folder',
};

/** Why a file cannot be read, after its name. */
export function explainReadError(error: unknown): string {
  const { code = '' } = error as { code?: string };
  const reason = REASONS[code];
  return `cannot be read${reason ? `: ${reason}` : code && ` (${code})`}`;
}

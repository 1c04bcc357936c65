/** Where a program is that npm does not install; test files never install one. Throws where it is missing. */
export function programPath(title: string, variable: 'REDIS_SERVER' | 'CHROMIUM'): string {
  const path = process.env[variable];
  if (path === undefined || path === '') throw new Error(`${title} is missing. Run: npm run programs`);
  return path;
}

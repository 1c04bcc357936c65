import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The typed client's folder. Importing this first says what to run where its types have not been made. */
export const TYPED_CLIENT = join(__dirname, '..', '..', 'examples', 'typed-client');

if (!existsSync(join(TYPED_CLIENT, 'src', 'generated', 'operations.ts')))
  throw new Error('The typed client has no types yet; run: npm run codegen:client');

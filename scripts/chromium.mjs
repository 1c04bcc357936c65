/** Where Chromium is; see system-program.mjs. As a program, prints the path. */
import { findProgram, printWhenRun } from './system-program.mjs';

export const findChromium = () =>
  findProgram({
    title: 'Chromium',
    variable: 'CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    packages: ['chromium', 'fonts-dejavu-core'],
  });

printWhenRun(import.meta.url, findChromium);

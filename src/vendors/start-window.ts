/** For how long a write may still begin to leave. */
export interface StartWindow {
  isOver(): boolean;
}

/**
 * Opens a window of so many milliseconds from now. A process that was stopped (SIGSTOP) finds it over by the monotonic
 * clock; one whose machine slept, where that clock sleeps too, by the wall clock. A wall clock that is put forward meanwhile
 * ends it early, which sends nothing. A virtual machine that was paused, and has not been told so, cannot know.
 */
export function startWindow(ms: number): StartWindow {
  const [monotonic, wall] = [performance.now() + ms, Date.now() + ms];
  return { isOver: () => performance.now() > monotonic || Date.now() > wall };
}

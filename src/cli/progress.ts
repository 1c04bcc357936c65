/** Calls through at most once a second: work that takes less than that needs no word. */
export function everySecond<Args extends unknown[]>(
  report: (...args: Args) => void,
): (...args: Args) => void {
  let last = performance.now();
  return (...args) => {
    if (performance.now() - last < 1000) return;
    last = performance.now();
    report(...args);
  };
}

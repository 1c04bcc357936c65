/** So long after a click, a button that has come to its place is not pressed: the hand still means what it saw. */
const SETTLE_MS = 1500;
/** Within so many pixels it is the same place. */
const SAME_PLACE = 24;

interface Press {
  readonly at: number;
  readonly button: Element;
  /** What the button did, as it was called at the time. */
  readonly name: string;
  /** Where; null for a press of a key, which is where the button is. */
  readonly place: { readonly x: number; readonly y: number } | null;
}

/**
 * Keeps a second click from doing something else than the first: an answer may have put another button under the pointer,
 * such as "Resend" where "Send new" was, or a dialog's "yes". The same button may be pressed again: that is asked once.
 */
export function holdDoubleClicks(page: Document): void {
  let last: Press | null = null;
  page.addEventListener(
    'click',
    (event) => {
      const button = event.target instanceof Element ? event.target.closest('button') : null;
      if (!button) return;
      const press: Press = {
        at: event.timeStamp,
        button,
        name: button.getAttribute('aria-label') ?? button.textContent,
        place: event.detail === 0 ? null : { x: event.clientX, y: event.clientY },
      };
      if (last && press.name !== last.name && press.at - last.at < SETTLE_MS && isSamePlace(press, last)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      last = press;
    },
    { capture: true },
  );
}

const isSamePlace = (one: Press, other: Press): boolean =>
  one.button === other.button ||
  (one.place !== null &&
    other.place !== null &&
    Math.hypot(one.place.x - other.place.x, one.place.y - other.place.y) < SAME_PLACE);

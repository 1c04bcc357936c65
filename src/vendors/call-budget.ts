/** How many vendor calls one operation may still make. */
export interface CallBudget {
  /** Takes one call; false where none is left, and then no call may follow. */
  take(): boolean;
  /** Gives one back that was taken and not needed. */
  giveBack(): void;
  readonly left: number;
  /** How many were taken. */
  readonly made: number;
}

/** Makes the budget of one operation. */
export function createCallBudget(most: number): CallBudget {
  let made = 0;
  return {
    take: () => {
      if (made >= most) return false;
      made++;
      return true;
    },
    giveBack: () => {
      made--;
    },
    get left() {
      return most - made;
    },
    get made() {
      return made;
    },
  };
}

import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  readonly labelledBy: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog that is open for as long as it is there. The browser's own: it keeps the focus inside, closes on Escape
 * and gives the focus back to the button that opened it.
 */
export function Dialog({ labelledBy, className, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the browser takes the element away: only an open dialog gives the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The backdrop is the dialog itself; what is in it lies on top.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

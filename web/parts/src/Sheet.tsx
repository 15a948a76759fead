import { useEffect, useId, useRef, type ReactNode } from "react";
import { IconButton } from "./IconButton.tsx";

/**
 * A sheet from below, over the screen. Esc, a press beside it and the cross ask to be closed by `onClose`; the caller then sets `open`
 * false. The focus stays inside and goes back to where it was. `actions` stay in sight while the content scrolls.
 */
export type SheetProps = {
  open: boolean;
  title: string;
  second?: ReactNode;
  onClose: () => void;
  closeLabel: string;
  children: ReactNode;
  actions?: ReactNode;
};

export function Sheet({ open, title, second, onClose, closeLabel, children, actions }: SheetProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const beside = useRef(false);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (open && !element.open) {
      element.showModal();
      // The title first, so that it is read out; else the focus would start on the cross.
      heading.current?.focus();
    }
    if (!open && element.open) element.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className="ms-sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A cancel of something inside, as of a file picker, bubbles up to here.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => {
        // Browsers close a dialog by themselves after a second Esc.
        if (event.target === event.currentTarget && open) onClose();
      }}
      onPointerDown={(event) => {
        // The content covers the dialog wholly, so what hits the dialog itself lies beside it.
        beside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        // Closed at the click, not before, or the click would reach what lies below; and not when text was selected out of the sheet.
        if (beside.current && event.target === event.currentTarget) onClose();
      }}
    >
      {open ? (
        <>
          <div className="ms-sheet-head">
            <div className="ms-sheet-words">
              <h2 className="ms-sheet-title" id={titleId} ref={heading} tabIndex={-1}>
                {title}
              </h2>
              {second === undefined ? null : <p className="ms-sheet-second">{second}</p>}
            </div>
            <IconButton icon="cross" label={closeLabel} onPress={onClose} />
          </div>
          <div className="ms-sheet-body">{children}</div>
          {actions === undefined ? null : <div className="ms-sheet-actions">{actions}</div>}
        </>
      ) : null}
    </dialog>
  );
}

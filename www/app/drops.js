// Handles what is dropped on the page: files of points, and text that may be points. All other drops are cancelled,
// because the browser would open them in place of the page.

/** @typedef {{takeFiles: (files: File[]) => void, takeText: (text: string) => void}} Taker */

/** @param {Taker} taker */
export function takeDrops(taker) {
  addEventListener("dragenter", prevent, { capture: true });
  addEventListener(
    "dragover",
    (event) => {
      if (!prevent(event) || !event.dataTransfer) return;
      event.dataTransfer.dropEffect = offers(event.dataTransfer) ? "copy" : "none";
    },
    { capture: true },
  );
  addEventListener(
    "drop",
    (event) => {
      if (!prevent(event) || !event.dataTransfer) return;
      const { files, types } = event.dataTransfer;
      if (files.length > 0) taker.takeFiles([...files]);
      else if (!types.includes("text/uri-list")) taker.takeText(event.dataTransfer.getData("text/plain"));
    },
    { capture: true },
  );
}

/** Whether a drop may contain points: links and images of web pages do not. @param {DataTransfer} data */
function offers({ types }) {
  return types.includes("Files") || (types.includes("text/plain") && !types.includes("text/uri-list"));
}

/**
 * Cancels the browser's default action, except for text that is dropped into an input field, where it is inserted.
 * @param {DragEvent} event @returns {boolean} whether the action was cancelled
 */
function prevent(event) {
  const field = event.target instanceof HTMLInputElement && event.target.type === "text" && !event.target.disabled;
  if (field && event.dataTransfer && !event.dataTransfer.types.includes("Files")) return false;
  event.preventDefault();
  return true;
}
